package org.keeplora.drawn;

import org.keeplora.data.ImageSource;

/**
 * A picture and what it shows.
 *
 * @param caption a short English phrase in small letters, without punctuation
 */
public record CaptionedImage(ImageSource image, String caption) {}
