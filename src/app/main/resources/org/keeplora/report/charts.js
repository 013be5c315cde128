// The charts of the report as options of ECharts: one function a kind, from plain data to {width, height, option}.
// Sizes are pixels of a phone's width, so that text keeps its size there; the page may scale a chart up, never down.
// Colours of ink and series are the page's CSS variables: the same drawing serves light and dark.
'use strict';

// ECharts asks for timers when it is loaded and drawn; nothing here is animated, so none ever fires.
const setTimeout = () => 0;
const clearTimeout = () => {};

const WIDTH = 360;
const FONT = 12;
const SMALL = 11;
const LETTER = 6.6; // mean width of a letter at SMALL
const LINE = 19; // letters before a bar
const INK = 'var(--ink)';
const MUTED = 'var(--muted)';
const GRID = 'var(--grid)';
const PAPER = 'var(--paper)';

// cividis (Nuñez, Anderton and Renslow 2018), nine even steps: its lightness rises evenly, also for colour-blind eyes
const CIVIDIS = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8779', '#a59c74', '#c3b369', '#fee838'];
const DARK_INK = '#000000';
const LIGHT_INK = '#ffffff';

const COLORS = 7;
const DASHES = ['solid', [7, 3], [2, 2], [9, 3, 2, 3]];
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle'];

const color = series => 'var(--s' + series % COLORS + ')';
const dash = series => DASHES[series % DASHES.length];
const symbol = series => SYMBOLS[series % SYMBOLS.length];
const longest = texts => texts.reduce((most, text) => Math.max(most, text.length), 0);

function luminance(rgb) {
    const linear = rgb.slice(0, 3).map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** Black or white, whichever differs more from the cell (WCAG's contrast). */
function inkOn(fill) {
    const cell = luminance(echarts.color.parse(fill));
    const dark = luminance(echarts.color.parse(DARK_INK));
    return (cell + 0.05) / (dark + 0.05) > 1.05 / (cell + 0.05) ? DARK_INK : LIGHT_INK;
}

/** In two lines where it is long, broken behind a space, hyphen or the like; what does not fit is left out. */
function wrapped(text) {
    if (text.length <= LINE) {
        return text;
    }
    const breaks = Array.from(text.slice(0, LINE).matchAll(/[-_ ,/]/g)).map(found => found.index + 1);
    const at = breaks.length > 0 ? breaks[breaks.length - 1] : LINE;
    const rest = text.slice(at);
    return text.slice(0, at) + '\n' + (rest.length <= LINE ? rest : rest.slice(0, LINE - 1) + '…');
}

/** Ticks of percent. */
const evenly = d => d.high - d.low > 40 ? 20 : 10;

function axis(more) {
    return Object.assign({
        axisLine: {show: true, lineStyle: {color: MUTED}},
        axisTick: {show: false},
        axisLabel: Object.assign({color: INK, fontSize: SMALL}, more.label),
        splitLine: {show: more.grid === true, lineStyle: {color: GRID}}
    }, more.axis);
}

/** One cell of a heat map: its square, its number, and, where its task was just learned, a step of the stairs. */
function cell(d, values, api) {
    const [x, y] = values;
    const [width, height] = api.size([1, 1]);
    const centre = api.coord([x, y]);
    const left = centre[0] - width / 2;
    const top = centre[1] - height / 2;
    const value = d.cells[y][x];
    const fill = echarts.color.lerp(d.high > d.low ? Math.min(1, Math.max(0, (value - d.low) / (d.high - d.low))) : 0, CIVIDIS);
    const learned = d.stairs && y + d.firstRow > x;
    const parts = [
        {type: 'rect', shape: {x: left + 0.5, y: top + 0.5, width: width - 1, height: height - 1}, style: {fill: fill}},
        {type: 'text', style: {
            text: value.toFixed(d.decimals), x: centre[0], y: centre[1], align: 'center', verticalAlign: 'middle', fill: inkOn(fill),
            fontSize: SMALL, fontWeight: learned ? 'bold' : 'normal', fontStyle: d.stairs && !learned ? 'italic' : 'normal'
        }}
    ];
    if (d.stairs && y + d.firstRow === x + 1) {
        const points = [[left, top], [left + width, top]];
        if (x < d.columns.length - 1) {
            points.push([left + width, top + height]);
        }
        parts.push({type: 'polyline', shape: {points: points}, style: {stroke: 'var(--stairs)', lineWidth: 3, fill: 'none'}});
    }
    return {type: 'group', children: parts};
}

const CHARTS = {
    /**
     * columns, rows: names; cells[row][column]: numbers or null; low, high: ends of the scale; decimals; stairs: whether row r
     * + firstRow comes after learning column r - 1.
     */
    heatMap(d) {
        const wide = Math.max(d.decimals > 0 ? 38 : 30, 0);
        const slanted = longest(d.columns) * LETTER > wide - 4;
        const left = Math.min(130, longest(d.rows) * LETTER + 14);
        const top = slanted ? 14 + Math.min(15, longest(d.columns)) * LETTER * 0.72 : 22;
        const right = slanted ? Math.max(8, Math.min(15, longest(d.columns)) * LETTER * 0.72 - wide / 2 + 8) : 8;
        const points = [];
        d.cells.forEach((row, y) => row.forEach((value, x) => value === null || points.push([x, y])));
        return {
            width: left + wide * d.columns.length + right,
            height: top + 25 * d.rows.length + 6,
            option: {
                grid: {left: left, right: right, top: top, bottom: 6},
                xAxis: axis({
                    axis: {type: 'category', data: d.columns, position: 'top', axisLine: {show: false}},
                    label: Object.assign(
                        {interval: 0, width: 15 * LETTER, overflow: 'truncate', margin: 6},
                        slanted ? {rotate: -45, align: 'left', verticalAlign: 'middle'} : {}
                    )
                }),
                yAxis: axis({
                    axis: {type: 'category', data: d.rows, inverse: true, axisLine: {show: false}},
                    label: {interval: 0, width: left - 10, overflow: 'truncate', margin: 6}
                }),
                series: [{type: 'custom', data: points, clip: false, renderItem: (params, api) => cell(d, points[params.dataIndex], api)}]
            }
        };
    },

    /**
     * A value after each task: series: [{values, style}], values[i] after i tasks, null where there is none; low, high; learned: after
     * how many tasks a line turns from dashed to solid, or null; chance: percent of a dotted line, or null; numbered: whether the first
     * and last value are written.
     */
    progress(d) {
        const count = d.series.reduce((most, series) => Math.max(most, series.values.length), 0);
        const line = (series, values, type) => ({
            type: 'line', data: values, color: color(series.style), symbol: symbol(series.style), symbolSize: 5, clip: false,
            lineStyle: {width: 2, type: type, color: color(series.style)}, itemStyle: {color: color(series.style)}, silent: true
        });
        const series = [];
        d.series.forEach(s => {
            if (d.learned === null || d.series.length > 1) {
                series.push(line(s, s.values, dash(s.style)));
            } else {
                series.push(line(s, s.values.map((v, i) => i <= d.learned ? v : null), [3, 3]));
                series.push(line(s, s.values.map((v, i) => i >= d.learned ? v : null), 'solid'));
            }
        });
        const marks = [];
        if (d.learned !== null) {
            marks.push({
                xAxis: d.learned, lineStyle: {color: MUTED, type: 'solid', width: 1},
                label: {
                    formatter: 'learned', color: MUTED, fontSize: 10, distance: 3, padding: [0, -4],
                    align: d.learned > (count - 1) / 2 ? 'right' : 'left'
                }
            });
        }
        if (d.chance !== null) {
            marks.push({yAxis: d.chance, lineStyle: {color: MUTED, type: 'dotted', width: 1.5}, label: {show: false}});
        }
        if (marks.length > 0) {
            series[0].markLine = {symbol: 'none', silent: true, data: marks};
        }
        if (d.numbered) {
            numberEnds(series, d.series[0].values, d);
        }
        return {
            width: d.width, height: d.height,
            option: {
                grid: {left: 34, right: d.numbered ? 34 : 12, top: 20, bottom: 22},
                xAxis: axis({axis: {type: 'category', data: Array.from({length: count}, (unused, i) => String(i)), boundaryGap: false}}),
                yAxis: axis({axis: {type: 'value', min: d.low, max: d.high, interval: evenly(d)}, grid: true}),
                series: series
            }
        };
    },

    /** A horizontal bar each: labels, values (null for none), texts beside the bars, styles; high: end of the scale. */
    bars(d) {
        return {
            width: WIDTH, height: 27 * d.labels.length + 12,
            option: {
                grid: {left: 134, right: 78, top: 4, bottom: 8},
                xAxis: axis({axis: {type: 'value', min: 0, max: d.high, show: false}}),
                yAxis: axis({
                    axis: {type: 'category', data: d.labels.map(wrapped), inverse: true},
                    label: {interval: 0, lineHeight: 12}
                }),
                series: [{
                    type: 'bar', barWidth: 15, silent: true,
                    data: d.values.map((value, i) => ({
                        value: value,
                        itemStyle: {color: color(d.styles[i]), borderColor: INK, borderWidth: d.own[i] ? 1.5 : 0},
                        label: {show: true, position: 'right', formatter: () => d.texts[i], color: INK, fontSize: FONT}
                    }))
                }]
            }
        };
    },

    /** A loss by step: series: [{points: [[step, mean, least, most]], style}]; low, high; log; band: whether least to most is shaded. */
    curves(d) {
        const series = [];
        d.series.forEach(s => {
            if (d.band) {
                series.push({
                    type: 'custom', silent: true, data: [[s.points[0][0], s.points[0][1]]], clip: true,
                    renderItem: (params, api) => ({
                        type: 'polygon',
                        shape: {points: s.points.map(p => api.coord([p[0], p[3]]))
                            .concat(s.points.map(p => api.coord([p[0], p[2]])).reverse())},
                        style: {fill: color(s.style), opacity: 0.25}
                    })
                });
            }
            series.push({
                type: 'line', data: s.points.map(p => [p[0], p[1]]), symbol: s.points.length > 1 ? 'none' : 'circle', silent: true,
                color: color(s.style), lineStyle: {width: 1.5, type: dash(s.style), color: color(s.style)}
            });
        });
        return {
            width: d.width, height: d.height,
            option: {
                grid: {left: 42, right: 16, top: 10, bottom: 22},
                xAxis: axis({axis: {type: 'value', min: 0, max: d.steps, splitNumber: 3}, label: {hideOverlap: true}}),
                yAxis: axis({axis: Object.assign(
                    {type: d.log ? 'log' : 'value', min: d.low, max: d.high},
                    d.percent ? {interval: evenly(d)} : {splitNumber: 4}
                ), grid: true}),
                series: series
            }
        };
    },

    /**
     * Percent of the energy by percent of the directions: series: [{points: [[x, y]], style, start, cut, text}]; start has a
     * hollow mark where it is not at none, cut a full one; what lies below the line left of a cut with a text is shaded.
     */
    spectrum(d) {
        const series = [];
        d.series.forEach(s => {
            const mark = (at, own, fill) => ({
                type: 'scatter', data: [at], symbol: symbol(s.style), symbolSize: own, silent: true, clip: false, z: 3,
                itemStyle: {color: fill, borderColor: color(s.style), borderWidth: 2}
            });
            if (s.text) {
                series.push({type: 'custom', data: [s.cut], silent: true, clip: false, renderItem: (params, api) => cut(s, api)});
            }
            series.push({
                type: 'line', data: s.points, symbol: 'none', silent: true, color: color(s.style),
                lineStyle: {width: 2, type: dash(s.style), color: color(s.style)}
            });
            if (s.start[0] > 0) {
                series.push(mark(s.start, 6, PAPER));
            }
            series.push(mark(s.cut, 6, color(s.style)));
        });
        const percent = grid => axis({axis: {type: 'value', min: 0, max: 100, interval: 20}, grid: grid});
        const directions = percent(false);
        directions.interval = 25;
        return {
            width: d.width, height: d.height,
            option: {grid: {left: 34, right: 14, top: 10, bottom: 22}, xAxis: directions, yAxis: percent(true), series: series}
        };
    },

    /** A line from one mark to another each: labels, spans: [[from, to]] in percent, texts beside them, style. */
    spans(d) {
        return {
            width: WIDTH, height: 27 * d.labels.length + 30,
            option: {
                grid: {left: 134, right: 92, top: 4, bottom: 26},
                xAxis: axis({axis: {type: 'value', min: 0, max: 100, interval: 25}, grid: true}),
                yAxis: axis({axis: {type: 'category', data: d.labels.map(wrapped), inverse: true}, label: {interval: 0, lineHeight: 12}}),
                series: [{
                    type: 'custom', silent: true, clip: false, data: d.spans.map((span, i) => [span[0], i]),
                    renderItem: (params, api) => span(d, params.dataIndex, api)
                }]
            }
        };
    },

    /** The share that is used, after each task: least, mean, most: shares in percent, by moment; the range is shaded. */
    range(d) {
        const points = d.mean.map((mean, i) => [i, mean, d.least[i], d.most[i]]);
        const chart = CHARTS.curves(Object.assign({}, d, {
            series: [{points: points, style: 0}], band: true, log: false, percent: true, steps: Math.max(1, points.length - 1)
        }));
        chart.option.xAxis.minInterval = 1;
        const line = chart.option.series[1];
        line.symbol = 'circle';
        line.symbolSize = 5;
        line.itemStyle = {color: color(0)};
        numberEnds([line], d.mean, d);
        line.data = points.map((p, i) => Object.assign({value: [p[0], p[1]]}, line.data[i].label ? {label: line.data[i].label} : {}));
        chart.option.grid.right = 34;
        return chart;
    }
};

/** The cut of a spectrum: the part of its area to the left, an upright line and the text, below the line where there is room. */
function cut(s, api) {
    const [x, y] = s.cut;
    const [left, foot] = api.coord([x, 0]);
    const below = s.points.filter(point => point[0] < x).concat([s.cut]).map(point => api.coord(point));
    const onTheLeft = x >= 50;
    const away = y < 45 ? 9 : 5; // beside the line, or beside its mark
    return {type: 'group', children: [
        {
            type: 'polygon', shape: {points: [api.coord([0, 0])].concat(below, [[left, foot]])},
            style: {fill: color(s.style), opacity: 0.2}
        },
        {
            type: 'line', shape: {x1: left, y1: foot, x2: left, y2: api.coord([x, y])[1]},
            style: {stroke: color(s.style), lineWidth: 1.5, lineDash: [3, 2]}
        },
        {type: 'text', style: {
            text: s.text, x: left + (onTheLeft ? -away : away), y: foot - 6, align: onTheLeft ? 'right' : 'left', verticalAlign: 'bottom',
            fill: INK, fontSize: SMALL, lineHeight: 13, stroke: PAPER, lineWidth: 3
        }}
    ]};
}

/** A line with a hollow mark where it begins and a full one where it ends, and its text on the right of all. */
function span(d, row, api) {
    const [from, to] = d.spans[row].map(x => api.coord([x, row]));
    const stroke = color(d.style);
    const mark = (at, fill) => ({
        type: 'circle', shape: {cx: at[0], cy: at[1], r: 4}, style: {fill: fill, stroke: stroke, lineWidth: 2}
    });
    return {type: 'group', children: [
        {type: 'line', shape: {x1: from[0], y1: from[1], x2: to[0], y2: to[1]}, style: {stroke: stroke, lineWidth: 3}},
        mark(from, PAPER),
        mark(to, stroke),
        {type: 'text', style: {
            text: d.texts[row], x: api.coord([100, row])[0] + 9, y: from[1], verticalAlign: 'middle', fill: INK, fontSize: SMALL
        }}
    ]};
}

/** Writes the first and the last of {@code values} beside their points, the last in bold. */
function numberEnds(series, values, d) {
    const label = (value, more) => ({
        value: value, label: Object.assign({show: true, formatter: () => value.toFixed(1), color: INK, fontSize: SMALL,
            textBorderColor: PAPER, textBorderWidth: 3}, more)
    });
    const last = values.length - 1;
    // above a rising line, or at the top, there is no room; at the bottom there is none below
    const height = (values[0] - d.low) / (d.high - d.low);
    const below = height > 0.8 || height > 0.2 && values[1] > values[0] + 2;
    series.forEach((s, i) => {
        s.data = s.data.map((point, k) => {
            const value = values[k];
            if (value === null || point === null) {
                return point;
            }
            if (k === last && i === series.length - 1) {
                return label(value, {position: 'right', fontWeight: 'bold'});
            }
            return k === 0 && i === 0 && last > 0 ? label(value, {position: below ? 'bottom' : 'top', align: 'left'}) : point;
        });
    });
}

/** The chart {@code kind} of {@code json} as SVG. */
function draw(kind, json) {
    const chart = CHARTS[kind](JSON.parse(json));
    const target = echarts.init(null, null, {renderer: 'svg', ssr: true, width: Math.ceil(chart.width), height: Math.ceil(chart.height)});
    target.setOption(Object.assign({animation: false, backgroundColor: 'transparent', textStyle: {fontFamily: 'sans-serif'}}, chart.option));
    const svg = target.renderToSVGString();
    target.dispose();
    return svg;
}
