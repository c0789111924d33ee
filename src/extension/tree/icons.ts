import * as vscode from 'vscode';
import type { MemberStatus, RunStatus } from '../../protocol/run.ts';
import type { GroupNode, RunsNode } from './nodes.ts';

const STATUS_ICONS: Record<RunStatus | MemberStatus, [icon: string, color: string]> = {
  queued: ['clock', 'testing.iconQueued'],
  running: ['loading~spin', 'charts.blue'],
  evaluating: ['loading~spin', 'charts.purple'],
  done: ['pass-filled', 'testing.iconPassed'],
  stopped: ['debug-pause', 'testing.iconSkipped'],
  failed: ['error', 'testing.iconFailed'],
  interrupted: ['warning', 'list.warningForeground'],
};

const GROUP_ICONS: Record<GroupNode['grouping'], string> = { method: 'beaker', plan: 'json', status: 'pulse', day: 'calendar', tag: 'tag' };

export function iconOf(node: RunsNode): vscode.ThemeIcon {
  switch (node.kind) {
    case 'group':
      return new vscode.ThemeIcon(GROUP_ICONS[node.grouping]);
    case 'run':
      return themed(...STATUS_ICONS[node.run.status]);
    case 'member':
      return themed(...STATUS_ICONS[node.member.state.status]);
    case 'broken':
      return themed('error', 'list.errorForeground');
    case 'snapshot':
      return new vscode.ThemeIcon('file-binary');
    case 'soup':
      return themed('combine', 'charts.orange');
    case 'ensemble':
      return themed('layers', 'charts.green');
  }
}

function themed(icon: string, color: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}
