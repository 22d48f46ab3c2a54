// What is under the pointer, and, once clicked, what one can do there: follow a link, or filter for the element.
import { css, cx } from '@emotion/css';
import { type GrafanaTheme2, type LinkModel } from '@grafana/data';
import { Button, IconButton, TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';

import type { Metric } from '../contract/query';
import type { Spot } from '../heatmap/hit';
import { nameOf, type MapElement } from '../workspace/elements';
import { count, percent } from '../workspace/format';
import { text as shared } from '../workspace/text';
import { text } from './text';

interface SpotCardProps {
  spot: Spot<MapElement>;
  metric: Metric;
  /** People or sessions that there are in all. */
  most: number;
  zoom: number;
  page: { width: number; height: number };
  pinned: boolean;
  links: LinkModel[];
  onFilter?: (element: string, operator: '=' | '!=') => void;
  onClose: () => void;
}

/** Clicks add up; users and sessions in several cells may be the same ones, and a panel has only the cells. */
function spotWords({ value, share }: Spot<MapElement>, metric: Metric, most: number): string {
  if (value <= 0) {
    return text.nothing(shared.metric.units[metric]);
  }
  const amount = (n: number) => shared[metric](count(n), Math.round(n));
  return metric === 'clicks'
    ? shared.map.spot(amount(value), percent(share))
    : text.most(amount(Math.min(value, most)));
}

function elementWords({ row }: MapElement): string {
  return text.element(row.rank, nameOf(row), shared.clicks(count(row.clicks), row.clicks), percent(row.share));
}

const WIDTH = 280;
const OFFSET = 14;

export function SpotCard({ spot, metric, most, zoom, page, pinned, links, onFilter, onClose }: SpotCardProps) {
  const styles = useStyles2(getStyles);
  const { element } = spot;
  const [x, y] = [spot.x * zoom, spot.y * zoom];
  const [width, height] = [page.width * zoom, page.height * zoom];
  const side = x > width - WIDTH - OFFSET ? { right: Math.max(0, width - x + OFFSET) } : { left: x + OFFSET };
  const end = y > height - 120 ? { bottom: Math.max(0, height - y + OFFSET) } : { top: y + OFFSET };
  return (
    <div
      className={cx(styles.card, pinned && styles.pinned)}
      style={{ ...side, ...end, maxWidth: WIDTH }}
      role={pinned ? 'dialog' : 'tooltip'}
      aria-label={text.here}
      data-testid="isotherm-spot"
      onClick={(event) => event.stopPropagation()}
    >
      {pinned && <IconButton className={styles.close} name="times" aria-label={shared.close} onClick={onClose} />}
      <strong>{spotWords(spot, metric, most)}</strong>
      {element && <span>{elementWords(element)}</span>}
      {pinned &&
        links.map((link) => (
          <TextLink key={link.href + link.title} href={link.href} external={link.target === '_blank'} inline={false}>
            {link.title}
          </TextLink>
        ))}
      {pinned && element && onFilter && (
        <span className={styles.buttons}>
          <Button size="sm" variant="secondary" onClick={() => onFilter(element.row.element, '=')}>
            {text.filterFor}
          </Button>
          <Button size="sm" variant="secondary" fill="text" onClick={() => onFilter(element.row.element, '!=')}>
            {text.filterOut}
          </Button>
        </span>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    position: 'absolute',
    zIndex: 2,
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    padding: theme.spacing(1),
    color: theme.colors.text.primary,
    background: theme.colors.background.elevated ?? theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z2,
    fontSize: theme.typography.bodySmall.fontSize,
    pointerEvents: 'none',
    overflowWrap: 'anywhere',
  }),
  pinned: css({ pointerEvents: 'auto', cursor: 'default', paddingRight: theme.spacing(4) }),
  close: css({ position: 'absolute', top: theme.spacing(1), right: theme.spacing(0.5) }),
  buttons: css({ display: 'flex', gap: theme.spacing(1) }),
});
