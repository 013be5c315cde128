package org.keeplora.drawn;

import org.keeplora.data.ImageSource;

/**
 * A picture and its caption.
 *
 * @param caption a short English phrase in lower case, without punctuation
 */
public record CaptionedImage(ImageSource image, String caption) {}
