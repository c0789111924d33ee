/** What a person does with the parts of VS Code's window. Every function clicks or types; none calls a command. */
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { until } from './until.ts';

/** Shows a container of the activity bar. */
export async function openContainer(page: Page, title: string): Promise<void> {
  const tab = page.locator('.part.activitybar [role=tab]').filter({ has: page.locator(`[aria-label^="${title}"]`) }).or(page.locator(`.part.activitybar [role=tab][aria-label^="${title}"]`)).first();
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
}

/** Runs a command by its title from the command palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list [role=option]').filter({ hasText: title }).first().click();
}

/** Opens a file by its name, as Ctrl-P does. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+P');
  const input = page.locator('.quick-input-widget input');
  await input.waitFor();
  await input.fill(name);
  await page.locator('.quick-input-list [role=option]').filter({ hasText: name }).first().click();
  await editorTab(page, name).waitFor();
}

/** Opens a plan, which shows as a picture and a form, and puts its text in their place. */
export async function openPlanText(page: Page, name: string): Promise<void> {
  await openFile(page, name);
  await titleButton(page, 'Open as Text').click();
  await page.locator('.editor-instance .view-lines').first().waitFor();
}

/** Goes back to the tab of a plan's text. */
export async function showPlanText(page: Page, name: string): Promise<void> {
  await editorTab(page, name).click();
}

export function editorTab(page: Page, name: string): Locator {
  return page.locator('.tabs-container [role=tab]').filter({ hasText: name });
}

/** The row of a tree in the side bar whose text contains `label`. */
export function treeItem(page: Page, label: string): Locator {
  return page.locator('.part.sidebar [role=treeitem]').filter({ hasText: label }).first();
}

/** Shows what is below a row; clicks once more where a tree that was being refreshed did not take it. */
export async function expand(page: Page, label: string): Promise<void> {
  const row = treeItem(page, label);
  await row.waitFor();
  await until(`${label} to be open`, async () => {
    if ((await row.getAttribute('aria-expanded')) === 'true') return true;
    await row.locator('.monaco-tl-twistie').click();
    return await row.and(page.locator('[aria-expanded=true]')).waitFor({ timeout: 5000 }).then(() => true, () => false);
  });
}

/** Chooses from the context menu of a row. */
export async function contextMenu(page: Page, label: string, item: string): Promise<void> {
  await treeItem(page, label).click({ button: 'right' });
  const choice = page.locator('.context-view [role=menuitem]').filter({ hasText: item }).first();
  await choice.hover();
  // The menu takes a click right after it opened for the end of the click that opened it.
  await page.waitForTimeout(500);
  await choice.click();
  await choice.waitFor({ state: 'hidden' });
}

/** Presses a button of the dialog that is open. */
export async function answerDialog(page: Page, button: string): Promise<void> {
  const answer = page.locator('.monaco-dialog-box').getByRole('button', { name: button });
  await answer.click();
  // The dialog itself may be followed by another at once.
  await answer.waitFor({ state: 'hidden' });
}

/** A link above a line of the editor. */
export function lens(page: Page, text: string): Locator {
  return page.locator('.codelens-decoration').getByText(text);
}

/** Lenses are drawn anew while a document settles, and a click on one that goes is lost: so it is looked at first. */
export async function clickLens(page: Page, text: string): Promise<void> {
  await lens(page, text).hover();
  await page.waitForTimeout(1500);
  await lens(page, text).click();
}

/** The button of the editor title with this tooltip. */
export function titleButton(page: Page, label: string): Locator {
  return page.locator('.editor-group-container.active .title-actions, .editor-group-container .editor-actions').locator(`a[aria-label^="${label}"]`).first();
}

export function statusBarItem(page: Page, text: string): Locator {
  return page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first();
}

/** The document of the webview that is shown. */
export function webview(page: Page): FrameLocator {
  return page.frameLocator('iframe.webview.ready').first().frameLocator('#active-frame');
}

export function notification(page: Page, text: string): Locator {
  return page.locator('.notification-toast, .notifications-center').filter({ hasText: text }).first();
}

/** Closes what covers the window. */
export async function clearNotifications(page: Page): Promise<void> {
  await runCommand(page, 'Notifications: Clear All Notifications');
  await page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
}
