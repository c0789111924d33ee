/** The report of a run: what was done, what came out, and what may be concluded from it. */
import { VERSION } from '../../protocol/version.ts';
import { collect, type ReportSource } from './collect.ts';
import type { ReportDocument } from './document.ts';
import { basinSection } from './sections/basin.ts';
import { calibrationSection } from './sections/calibration.ts';
import { costSection } from './sections/cost.ts';
import { curvesSection } from './sections/curves.ts';
import { diversitySection } from './sections/diversity.ts';
import { recipeSection } from './sections/recipe.ts';
import { resultsSection } from './sections/results.ts';
import { robustnessSection } from './sections/robustness.ts';
import { selectionSection } from './sections/selection.ts';
import { sharpnessSection } from './sections/sharpness.ts';
import { summarySection } from './sections/summary.ts';
import { surfacesSection } from './sections/surfaces.ts';

const SECTIONS = [
  summarySection, resultsSection, recipeSection, costSection, curvesSection, basinSection, surfacesSection, sharpnessSection, calibrationSection, diversitySection, robustnessSection, selectionSection,
];

/** @throws StarsseError file-missing, file-invalid */
export async function reportOf(folder: string): Promise<ReportDocument> {
  return documentOf(await collect(folder));
}

export function documentOf(source: ReportSource): ReportDocument {
  const { run, view } = source;
  return {
    title: run.plan.name,
    subtitle: `${run.plan.method.kind}, ${run.members.length} members, run ${run.id}, ${view.status}`,
    sections: SECTIONS.flatMap((section) => section(source) ?? []),
    footer: `Made by StarSSE ${VERSION} from the files of the run. The method: Sadrtdinov, Pozdeev, Vetrov, Lobacheva, "To Stay or Not to Stay in the Pre-train Basin", NeurIPS 2023, arXiv 2303.03374.`,
  };
}
