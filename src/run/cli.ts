#!/usr/bin/env node
/** Door: the command line. Errors are caught here and nowhere else. */
import { Command, CommanderError } from 'commander';
import { VERSION } from '../protocol/version.ts';
import { addBasin } from './cli/basin.ts';
import { addClasses } from './cli/classes.ts';
import { addClean } from './cli/clean.ts';
import { addCsv } from './cli/csv.ts';
import { addData } from './cli/data.ts';
import { addDistil } from './cli/distil.ts';
import { addBackend, addDoctor } from './cli/doctor.ts';
import { addEnsemble } from './cli/ensemble.ts';
import { addEstimate } from './cli/estimate.ts';
import { addExport } from './cli/export.ts';
import { addInspect } from './cli/inspect.ts';
import { addArchive, addRename, addTag } from './cli/labels.ts';
import { addLs } from './cli/ls.ts';
import { addMeasures } from './cli/measures.ts';
import { addPlane } from './cli/plane.ts';
import { addPreview } from './cli/preview.ts';
import { DONE, MISTAKE, printError } from './cli/report.ts';
import { addResume } from './cli/resume.ts';
import { addRetry } from './cli/retry.ts';
import { addRobustness } from './cli/robustness.ts';
import { addRun } from './cli/run.ts';
import { addSharpness } from './cli/sharpness.ts';
import { addAverage, addSoup } from './cli/soup.ts';
import { addStop } from './cli/stop.ts';
import { addTune } from './cli/tune.ts';
import { addWatch } from './cli/watch.ts';
import { addReport } from './cli/write-report.ts';

async function main(argv: string[]): Promise<number> {
  let exitCode = DONE;
  const end = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('starsse')
    .description('Fine-tune a network several times from one checkpoint; turn the snapshots into an ensemble or a soup.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'starsse: ')) });
  for (const add of [addRun, addResume, addRetry, addStop, addLs, addTag, addRename, addArchive, addClean, addWatch, addEnsemble, addSoup, addAverage, addDistil, addMeasures, addRobustness, addClasses, addBasin, addPlane, addSharpness, addReport, addCsv, addTune, addData, addPreview, addEstimate, addInspect, addExport, addDoctor, addBackend]) add(program, end);
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISTAKE;
    return printError(error, argv.includes('--json'));
  }
}

// A reader that goes away (`starsse ls | head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(DONE);
});
main(process.argv).then((code) => {
  process.exitCode = code;
}, (error: unknown) => {
  throw error;
});
