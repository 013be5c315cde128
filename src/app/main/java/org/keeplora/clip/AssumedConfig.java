package org.keeplora.clip;

import java.nio.file.Path;
import org.keeplora.store.BadFile;

/** The configuration of OpenAI's models, for a checkpoint file without a configuration beside it. */
record AssumedConfig(Path file, Activation activation) implements ClipConfig {
    /** The largest width of OpenAI's models; wider models of others have heads of 80, 88 and 104. */
    private static final int WIDEST = 1024;

    @Override
    public ClipArchitecture complete(ClipArchitecture shapes) {
        int vision = shapes.vision().width();
        int text = shapes.text().width();
        int head = ClipArchitecture.HEAD_WIDTH;
        if (vision > WIDEST) {
            throw new BadFile(
                    file,
                    "has no configuration, and its width of " + vision
                            + " is beyond that of OpenAI's models, so heads may"
                            + " have any width; give the folder with config.json or open_clip_config.json");
        }
        if (vision % head != 0 || text % head != 0) {
            throw new BadFile(
                    file,
                    "has no configuration, and its widths " + vision + " and " + text + " are not multiples of " + head
                            + ", the width of a head; give the folder with config.json or open_clip_config.json");
        }
        return shapes.with(
                shapes.imageSize(),
                shapes.vision().with(vision / head, activation),
                shapes.text().with(text / head, activation));
    }

    @Override
    public ImageTransform transform(int imageSize) {
        return ImageTransform.openAi(imageSize);
    }
}
