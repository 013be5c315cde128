package org.keeplora.drawn;

import java.awt.geom.AffineTransform;

/**
 * Limits for the placement of a figure, drawn for the square from -1 to 1, in its picture.
 *
 * @param room fraction of the free space around the figure that it may move into, 0 for the middle
 * @param smallest minimum of half the side; 1 fills the picture
 * @param largest maximum of half the side
 * @param tilt greatest rotation in either direction, radians
 * @param stretch greatest logarithm of width to height, halved
 */
record Placement(double room, double smallest, double largest, double tilt, double stretch) {
    AffineTransform frame(Chance chance) {
        double half = chance.between(smallest, largest);
        double free = room * Math.max(0, 1 - half);
        double wider = Math.exp(chance.between(-stretch, stretch));
        AffineTransform frame =
                AffineTransform.getTranslateInstance(chance.between(-free, free), chance.between(-free, free));
        frame.rotate(chance.between(-tilt, tilt));
        frame.scale(half * wider, half / wider);
        return frame;
    }
}
