// How far the picture steps back under the heat: as the person set it, or as its own tone asks for.

import { useEffect, useState } from 'react';

import { pictureFilter, strengthFor, toneOf, USUAL_STRENGTH } from '../heatmap/tone';

/** Side of the thumbnail that a tone is measured on. */
const SIDE = 48;
const measured = new Map<string, number>();

async function measure(url: string): Promise<number> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const surface = canvas.getContext('2d', { willReadFrequently: true });
  if (!surface) {
    return USUAL_STRENGTH;
  }
  surface.drawImage(image, 0, 0, SIDE, SIDE);
  return strengthFor(toneOf(surface.getImageData(0, 0, SIDE, SIDE).data));
}

/** The strength that the top of a picture asks for. Never rejects: without its pixels it is taken for a usual one. */
export async function strengthOf(url: string): Promise<number> {
  const known = measured.get(url);
  if (known !== undefined) {
    return known;
  }
  const strength = await measure(url).catch(() => USUAL_STRENGTH);
  measured.set(url, strength);
  return strength;
}

/** The css filter for a picture whose top is at `url` ("" = none). `wanted`: 0..1, or 0 for what the picture asks for. */
export function usePictureFilter(url: string, wanted: number): string {
  const [found, setFound] = useState<{ url: string; strength: number } | null>(null);
  useEffect(() => {
    let stopped = false;
    if (url && wanted === 0) {
      void strengthOf(url).then((strength) => !stopped && setFound({ url, strength }));
    }
    return () => {
      stopped = true;
    };
  }, [url, wanted]);
  const own = measured.get(url) ?? (found?.url === url ? found.strength : USUAL_STRENGTH);
  return url ? pictureFilter(wanted || own) : 'none';
}
