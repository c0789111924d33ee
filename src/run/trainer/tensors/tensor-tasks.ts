/** The tasks of the checkpoint inspector: tensors of a file, their statistics, filters as images, and how far two files are apart. */
import {
  DifferenceRequestSchema, FiltersRequestSchema, layoutOf, StatisticsRequestSchema,
  type FilterImages, type TensorDifference, type TensorStatistics, type TensorTable,
} from '../../../protocol/checkpoint.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import type { TaskContext } from '../combine.ts';
import { Difference } from './difference.ts';
import { filterImages } from './filters.ts';
import { Statistics } from './statistics.ts';
import { withTensorFiles, type Numbers, type TensorFile } from './tensor-file.ts';

/** Numbers of a piece: a few megabytes. */
const PIECE = 1 << 20;

/** @throws StarsseError file-missing, file-invalid */
export async function tensorListTask(file: string): Promise<TensorTable> {
  return await withTensorFiles([file], ([{ kind, sizeBytes, metadata, tensors }]) => Promise.resolve({ kind, sizeBytes, metadata, tensors }));
}

/** @param request StatisticsRequestSchema as JSON; without names of all tensors. @throws StarsseError file-missing, file-invalid; usage for a name that is not there */
export async function tensorStatisticsTask(request: string, context: TaskContext): Promise<TensorStatistics[]> {
  const { file, names } = parseJson(StatisticsRequestSchema, request, 'tensor-statistics', 'usage');
  return await withTensorFiles([file], async ([opened]) => {
    const wanted = (names ?? opened.tensors.map(({ name }) => name)).map((name) => placeOf(opened, name, file));
    const told = progress(context, wanted.reduce((sum, tensor) => sum + opened.tensors[tensor].sizeBytes, 0));
    const results: TensorStatistics[] = [];
    for (const tensor of wanted) {
      const { name, shape, sizeBytes } = opened.tensors[tensor];
      const statistics = new Statistics();
      // What fits into one piece is read once.
      const isShort = countOf(shape) <= PIECE;
      for await (const { numbers, share } of pieces([{ opened, tensor }], context.signal)) {
        statistics.add(numbers[0]);
        if (isShort) statistics.bin(numbers[0]);
        told(name, sizeBytes * share * (isShort ? 1 : 0.5));
      }
      if (!isShort) {
        for await (const { numbers, share } of pieces([{ opened, tensor }], context.signal)) {
          statistics.bin(numbers[0]);
          told(name, sizeBytes * share * 0.5);
        }
      }
      results.push(statistics.result(name));
    }
    return results;
  });
}

/** @param request DifferenceRequestSchema as JSON. @returns of tensors that both files have in one shape, in the order of the first. @throws StarsseError file-missing, file-invalid */
export async function tensorDifferenceTask(request: string, context: TaskContext): Promise<TensorDifference[]> {
  const { a, b } = parseJson(DifferenceRequestSchema, request, 'tensor-difference', 'usage');
  return await withTensorFiles([a, b], async ([first, second]) => {
    const places = new Map(second.tensors.map(({ name }, place) => [name, place]));
    const pairs = first.tensors.flatMap(({ name, shape }, tensor) => {
      const other = places.get(name);
      return other !== undefined && second.tensors[other].shape.join() === shape.join() ? [{ name, tensor, other }] : [];
    });
    const told = progress(context, pairs.reduce((sum, { tensor }) => sum + first.tensors[tensor].sizeBytes, 0));
    const results: TensorDifference[] = [];
    for (const { name, tensor, other } of pairs) {
      const difference = new Difference();
      const sides = [{ opened: first, tensor }, { opened: second, tensor: other }];
      for await (const { numbers, share } of pieces(sides, context.signal)) {
        difference.add(numbers[0], numbers[1]);
        told(name, first.tensors[tensor].sizeBytes * share);
      }
      results.push(difference.result(name));
    }
    return results;
  });
}

/** @param request FiltersRequestSchema as JSON. @throws StarsseError file-missing, file-invalid; usage for a name that is not there, or filters that are no images */
export async function tensorFiltersTask(request: string): Promise<FilterImages> {
  const { file, name } = parseJson(FiltersRequestSchema, request, 'tensor-filters', 'usage');
  return await withTensorFiles([file], async ([opened]) => {
    const tensor = placeOf(opened, name, file);
    const item = opened.tensors[tensor];
    // What is refused is refused before it is read.
    const numbers = countOf(item.shape) > 64 * PIECE ? new Float32Array(0) : await opened.read(tensor, 0, countOf(item.shape));
    return filterImages(item, numbers, layoutOf(opened.kind));
  });
}

interface Side {
  opened: TensorFile;
  tensor: number;
}

/** Tensors of one shape side by side, piece by piece; the next one is read while this one is looked at. @returns also the piece's share of the whole */
async function* pieces(sides: readonly Side[], signal: AbortSignal): AsyncGenerator<{ numbers: Numbers[]; share: number }> {
  const { opened, tensor } = sides[0];
  const count = countOf(opened.tensors[tensor].shape);
  const read = (from: number): Promise<Numbers[]> => {
    const reading = Promise.all(sides.map((side) => side.opened.read(side.tensor, from, Math.min(PIECE, count - from))));
    reading.catch(() => undefined); // awaited below
    return reading;
  };
  let next = count === 0 ? null : read(0);
  try {
    for (let from = 0; next !== null; from += PIECE) {
      signal.throwIfAborted();
      const numbers: Numbers[] = await next;
      next = from + PIECE < count ? read(from + PIECE) : null;
      yield { numbers, share: Math.min(PIECE, count - from) / count };
    }
  } finally {
    await next?.catch(() => undefined); // no read goes on after the files are closed
  }
}

/** Tells every hundredth, not every tensor. @param bytes of all that is read */
function progress({ onProgress }: TaskContext, bytes: number): (name: string, read: number) => void {
  let [done, told] = [0, -1];
  return (name, read) => {
    done += read;
    const percent = bytes === 0 ? 100 : Math.floor((100 * done) / bytes);
    if (percent === told) return;
    told = percent;
    onProgress({ fraction: Math.min(1, percent / 100), message: name });
  };
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function placeOf({ tensors }: TensorFile, name: string, file: string): number {
  const place = tensors.findIndex((tensor) => tensor.name === name);
  if (place < 0) throw new StarsseError('usage', `${file} has no tensor "${name}"`);
  return place;
}
