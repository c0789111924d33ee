import path from 'node:path';
import * as vscode from 'vscode';
import type * as v from 'valibot';
import { StarsseError } from '../../protocol/errors.ts';
import { parse } from '../../protocol/parse.ts';
import { TOOL_INPUTS, type ToolName } from '../../protocol/tool-inputs.ts';
import { startRun } from '../commands/startRun.ts';
import type { Parts } from '../commands/register.ts';
import { sentence } from '../errors.ts';
import { requireTrust, runTaskHere } from '../runActions.ts';
import { mixable } from '../tree/nodes.ts';
import { checkProposal, proposalFile } from './plans.ts';
import { meantRun, runResults, runSummaries } from './summaries.ts';

type Input<N extends ToolName> = v.InferOutput<(typeof TOOL_INPUTS)[N]>;

/** What a tool does with a checked input. `confirm` is there for those that start or write something: what the user is asked first. */
interface Tool<N extends ToolName> {
  confirm?(input: Input<N>): Promise<{ title: string; message: string }>;
  /** @returns what the model is told, as JSON. */
  invoke(input: Input<N>, signal: AbortSignal): Promise<object>;
}
export type Tools = { [N in ToolName]: Tool<N> };

/** The tools by which language models look at runs and, after the user has agreed, start one or make a soup. */
export function toolsOf(parts: Parts): Tools {
  const { l10n } = vscode;
  const entries = async () => {
    await parts.catalog.refresh();
    return parts.catalog.entries;
  };
  return {
    starsse_list_runs: { invoke: async ({ filter }) => runSummaries(await entries(), filter ?? '') },
    starsse_read_results: { invoke: async ({ run }) => runResults(meantRun(await entries(), run)) },
    starsse_propose_plan: { invoke: async ({ plan }) => await checkProposal(plan, workspaceFolder()) },
    starsse_start_run: {
      async confirm({ file, plan }) {
        const target = proposalFile(workspaceFolder(), file);
        const summary = plan === undefined ? null : (await checkProposal(plan, workspaceFolder())).summary;
        const message = l10n.t('Start a run of {0}? It trains on this machine and may take long.', target);
        if (summary === null) return { title: l10n.t('Start Run'), message };
        return { title: l10n.t('Save the plan and start a run'), message: `${message}\n\n${l10n.t('{0} members, {1} epochs in all.', summary.members.length, summary.epochsInAll)}` };
      },
      async invoke({ file, plan }) {
        requireTrust();
        const uri = vscode.Uri.file(proposalFile(workspaceFolder(), file));
        if (plan !== undefined) await savePlan(uri, plan);
        const folder = await startRun(parts, uri);
        return { run: path.basename(folder ?? ''), folder, status: 'running' };
      },
    },
    starsse_make_soup: {
      async confirm({ run, members, rule }) {
        const view = meantRun(await entries(), run);
        return { title: l10n.t('Making a soup'), message: l10n.t('Make a {0} soup of {1} in {2}?', rule ?? 'uniform', (members ?? mixable(view)).join(', '), view.name) };
      },
      async invoke({ run, members, rule = 'uniform' }, signal) {
        requireTrust();
        const { folder } = meantRun(await entries(), run);
        const request = { rule, ...(members === undefined ? {} : { members }) };
        const { table, added } = await runTaskHere('soup', [folder, JSON.stringify(request)], { signal, report: () => undefined }).finally(() => parts.catalog.refresh());
        return { added, row: table.rows.find(({ name }) => name === added) ?? null, bestMember: table.bestMember };
      },
    },
  };
}

/** @throws StarsseError usage when a file of that name is there, or the plan cannot be run */
async function savePlan(uri: vscode.Uri, plan: object): Promise<void> {
  const { problems } = await checkProposal(plan, path.dirname(uri.fsPath));
  if (problems.length > 0) throw new StarsseError('plan-invalid', problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
  const there = await vscode.workspace.fs.stat(uri).then(() => true, () => false);
  if (there) throw new StarsseError('usage', `${uri.fsPath} is there already`, { hint: 'Choose another name, or start the file that is there by leaving the plan out.' });
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(`${JSON.stringify(plan, null, 2)}\n`));
}

function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (folder === undefined) throw new StarsseError('usage', 'No folder is open', { hint: 'Open the folder of the data first.' });
  return folder.uri.fsPath;
}

/** Hands the tools to the editor. Errors go to the model as a sentence, since it can mend its input. */
export function registerTools(tools: Tools): vscode.Disposable[] {
  return (Object.keys(tools) as ToolName[]).map((name) => registerTool(name, tools[name] as Tool<ToolName>));
}

function registerTool(name: ToolName, tool: Tool<ToolName>): vscode.Disposable {
  const checked = (input: unknown): Input<ToolName> => parse(TOOL_INPUTS[name], input, name, 'usage');
  return vscode.lm.registerTool(name, {
    async prepareInvocation({ input }) {
      return tool.confirm === undefined ? undefined : { confirmationMessages: await told(async () => await tool.confirm!(checked(input))) };
    },
    async invoke({ input }, token) {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => abort.abort());
      try {
        const answer = await told(async () => await tool.invoke(checked(input), abort.signal));
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(JSON.stringify(answer))]);
      } finally {
        subscription.dispose();
      }
    },
  });
}

/** @throws Error with message and hint of what was thrown */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const { message, hint } = StarsseError.from(thrown);
    throw new Error(sentence(message, hint), { cause: thrown });
  }
}
