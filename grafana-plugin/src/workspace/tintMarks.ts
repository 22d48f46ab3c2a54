// How an element is marked that is uncertain, and one that works worse: on the map and in its legend.

import { css } from '@emotion/css';

export const marks = {
  uncertain: css({
    backgroundImage:
      'repeating-linear-gradient(45deg, rgba(90, 90, 90, 0.45) 0 2px, rgba(255, 255, 255, 0.35) 2px 7px)',
  }),
  worse: css({ outline: '3px solid #b2182b', outlineOffset: 1 }),
};
