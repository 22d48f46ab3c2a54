import { expect, test } from '@grafana/plugin-e2e';

test.skip(!process.env.GRAFANA_URL, 'not run: GRAFANA_URL is not set');

const SOURCE = 'isotherm-rum-datasource';

test('the page heatmap shows the picture with heat on it, and no panel has an error', async ({
  gotoDashboardPage,
  page,
}) => {
  const dashboard = await gotoDashboardPage({ uid: 'isotherm-page-heatmap' });
  const sheet = page.getByTestId('isotherm-sheet').first();
  await expect(sheet).toBeVisible({ timeout: 30_000 });
  const image = sheet.locator('img').first();
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
  await expect(sheet.locator('canvas').first()).toBeVisible();
  for (const title of ['Top actions', 'Share of views by depth', 'Signals over time']) {
    await expect(dashboard.getPanelByTitle(title).getErrorIcon()).toBeHidden();
  }
});

test('pointing at the map says what is there', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({ uid: 'isotherm-page-heatmap' });
  const sheet = page.getByTestId('isotherm-sheet').first();
  await sheet.hover({ position: { x: 40, y: 40 } });
  await expect(page.getByTestId('isotherm-spot')).toContainText('here');
});

test('the query editor offers every question', async ({ explorePage, page }) => {
  await explorePage.datasource.set('Isotherm');
  await page.getByRole('combobox', { name: 'Question' }).click();
  for (const name of ['Heatmap', 'Top actions', 'Scroll depth', 'Time series', 'Funnel']) {
    await expect(page.getByRole('option', { name: new RegExp(`^${name}`) })).toBeVisible();
  }
});

test('the configuration says when nothing answers', async ({ createDataSourceConfigPage, page }) => {
  const config = await createDataSourceConfigPage({ type: SOURCE });
  await page.getByLabel('URL').fill('http://127.0.0.1:1');
  await expect(config.saveAndTest()).not.toBeOK();
  await expect(page.getByText('The connection was refused')).toBeVisible();
});
