/**
 * An image benchmark that our own code draws from a seed, so that continual learning of CLIP can be shown without a
 * download: six domains that look different, captioned general pictures to train a small CLIP on first, and a probe of
 * what the model still knows of them.
 *
 * <p>Imports data. {@link org.keeplora.drawn.DrawnBenchmark} is the entry point.
 *
 * <p>Structure: an {@link org.keeplora.drawn.Outline} is a line written as text; a {@link org.keeplora.drawn.Figure}
 * draws one kind of thing with a {@link org.keeplora.drawn.Pen}; a {@link org.keeplora.drawn.Drawing} puts figures on a
 * {@link org.keeplora.drawn.Canvas} in the style of its domain. There is one file for each domain's style (Digits,
 * Shapes, Textures, Land, PressedPlants, Silhouettes), one for the general pictures' style (Plain), and one for each
 * collection of figures.
 *
 * <p>Decisions:
 * <ul>
 * <li>The general pictures show the domains' vocabulary too, with the same figures in another style: flat colours,
 * upright, in the middle, one size, so that a model trained on them classifies the domains partly correctly and has
 * something to learn and to forget. Measured with gradient histograms and the nearest neighbour, from 100 pictures a
 * class: with general pictures 18 (land), 25 (textures), 29 (plants) and 67 % (digits, vehicles) of a domain's test
 * pictures are classified correctly, with the domain's own training pictures 63 to 91 %.
 * <li>A picture is a pure function of version, seed, set, half, class and index; the tuple is packed without loss and
 * mixed by a bijection ({@link org.keeplora.drawn.PictureSeed}), so no two pictures of a benchmark share a seed, and
 * pictures may be drawn in any order and by several threads. Bytes are the same on one version of Java, compiled or
 * interpreted. Some differ between 17 and 25, so the stamp includes the version. Seeds and captions are the same
 * everywhere.
 * <li>Nothing is stored: {@code read()} draws, in 0.1 to 0.4 ms at 48 pixels.
 * <li>Letters and digits are strokes. No font is used, because a server's Java may have none.
 * <li>Shapes, not colours, distinguish classes. Colours, ground, light, place, size and rotation vary within each
 * class; a test checks that the nearest class mean of pixels classifies fewer than 60 % correctly.
 * <li>Prompts are worded so that no article stands before the class name; each general caption's words are in {@link
 * org.keeplora.drawn.DrawnBenchmark#vocabulary()}, and some captions are the domains' prompts, so that a text encoder
 * knows all their words.
 * </ul>
 */
package org.keeplora.drawn;
