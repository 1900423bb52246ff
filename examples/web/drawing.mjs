// SPDX-License-Identifier: BSL-1.0
// A drawing as the network has learned it: the data's digits fill 32 x 32 pixels of paper or ink, and the network sees how
// many of each 4 x 4 are ink.

const size = 32, radius = 3.6;

/// Lines, each an array of [x, y] in any unit, scaled to the height of the paper and centred; then 64 numbers from 0 to 16.
export function pixelsOf(lines) {
    const points = lines.flat();
    const pixels = new Float32Array(64);
    if (points.length === 0) return pixels;
    const range = (k) => [Math.min(...points.map((p) => p[k])), Math.max(...points.map((p) => p[k]))];
    const [left, right] = range(0), [top, bottom] = range(1);
    const room = size - 2 * radius, scale = room / Math.max(right - left, bottom - top, 1e-6);
    const place = ([x, y]) => [
        size / 2 + scale * (x - (left + right) / 2), size / 2 + scale * (y - (top + bottom) / 2)];
    const segments = lines.flatMap((line) => {
        const placed = line.map(place);
        return placed.length === 1 ? [[placed[0], placed[0]]] : placed.slice(1).map((p, i) => [placed[i], p]);
    });
    for (let y = 0; y < size; ++y)
        for (let x = 0; x < size; ++x)
            if (segments.some((segment) => distance([x + 0.5, y + 0.5], segment) <= radius))
                ++pixels[8 * (y >> 2) + (x >> 2)];
    return pixels;
}

function distance([x, y], [[ax, ay], [bx, by]]) {
    const dx = bx - ax, dy = by - ay, length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/// Digits for tests, in a square of 100.
export const drawings = {
    0: [circle(50, 50, 25, 48, 0, 360)],
    1: [[[35, 20], [52, 2], [52, 98]]],
    2: [[...circle(50, 28, 27, 26, 190, 400), [22, 98], [80, 98]]],
    3: [[...circle(48, 26, 24, 24, 200, 430), ...circle(48, 73, 26, 25, -80, 160)]],
    4: [[[60, 2], [20, 65], [85, 65]], [[62, 40], [62, 98]]],
    5: [[[76, 4], [32, 4], [28, 45], ...circle(50, 70, 27, 28, -100, 150)]],
    6: [[[66, 2], [36, 38], ...circle(50, 70, 25, 28, 190, 540)]],
    7: [[[20, 5], [80, 5], [42, 98]]],
    8: [circle(50, 26, 20, 24, 0, 360), circle(50, 74, 25, 24, 0, 360)],
    9: [[...circle(50, 28, 25, 26, 0, 360), [72, 40], [62, 98]]],
};
function circle(x, y, width, height, from, to) {
    const points = [];
    for (let angle = from; angle <= to; angle += 10) {
        const radians = (angle * Math.PI) / 180;
        points.push([x + width * Math.cos(radians), y + height * Math.sin(radians)]);
    }
    return points;
}
