// What can be said of a page's accessibility by computing alone. Both functions run in the browser, so each is whole in itself.

/** Visible controls without an accessible name, and pictures without a text. */
export function nameless(): string[] {
  const isShown = (element: Element) => element.getClientRects().length > 0;
  const nameOf = (element: Element): string => {
    const by = element.getAttribute('aria-labelledby');
    const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent) : [];
    return [
      element.getAttribute('aria-label'),
      by && document.getElementById(by)?.textContent,
      ...labels,
      element.matches('button, a, summary') ? element.textContent : '',
    ].join('');
  };
  return [...document.querySelectorAll('button, a, input, textarea, select, summary, svg, img, [role=img]')]
    .filter((element) => isShown(element) && nameOf(element).trim() === '')
    .map((element) => element.outerHTML.slice(0, 120));
}

/** Visible texts under the contrast that WCAG 2.2 AA asks for (1.4.3: 4.5, large text 3), with their ratio. */
export function contrasts(): string[] {
  type Color = [number, number, number, number];
  const parse = (text: string): Color => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const luminance = ([r, g, b]: Color) => {
    const [lr, lg, lb] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as [
      number,
      number,
      number,
    ];
    return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb;
  };
  /** The first opaque ground behind; ours are all opaque or none. */
  const groundOf = (element: Element | null): Color => {
    for (let each = element; each !== null; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color[3] === 1) return color;
    }
    return [255, 255, 255, 1];
  };
  const failed: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement!;
    if ((node.textContent ?? '').trim() === '' || element.getClientRects().length === 0 || element.closest('.unseen, .skip, label'))
      continue;
    const style = getComputedStyle(element);
    const color = parse(element instanceof SVGElement ? style.fill : style.color);
    const [light, dark] = [luminance(color), luminance(groundOf(element))].sort((a, b) => b - a) as [number, number];
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) failed.push(`${ratio.toFixed(2)}: ${node.textContent?.trim().slice(0, 40)}`);
  }
  return failed;
}
