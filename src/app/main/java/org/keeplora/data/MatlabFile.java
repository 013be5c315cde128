package org.keeplora.data;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.keeplora.store.BadFile;
import org.keeplora.store.UserError;
import org.keeplora.store.WholeFile;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Cell;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sources;
import us.hebi.matlab.mat.types.Struct;

/**
 * A MATLAB 5 file, read completely.
 *
 * @param path the file
 * @param content its arrays
 */
record MatlabFile(Path path, MatFile content) {
    /** One element of an array of annotations: an image's file name and its class number, from 1. */
    record Annotation(String file, int number) {}

    /** @throws UserError in one line when the file is missing, too large or not a MATLAB 5 file */
    static MatlabFile read(Path path) {
        try {
            byte[] bytes = MatlabLayout.unpacked(path, WholeFile.bytes(path, MatlabLayout.MOST_BYTES));
            return new MatlabFile(path, Mat5.newReader(Sources.wrap(bytes)).readMat());
        } catch (DatasetException | BadFile e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new DatasetException(path + ": file not found; download it into that folder", e);
        } catch (IOException | RuntimeException e) { // the library throws either for damaged files
            throw new DatasetException(
                    path + ": not a valid MATLAB 5 file (" + DatasetException.reason(e) + "); download it again", e);
        }
    }

    /** All elements of the numeric array {@code name}, column by column. */
    int[] integers(String name) {
        return get(name, "an array of numbers", file -> {
            Matrix matrix = file.getMatrix(name);
            int[] values = new int[matrix.getNumElements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = matrix.getInt(i);
            }
            return values;
        });
    }

    /** All elements of the cell array of strings {@code name}. */
    List<String> texts(String name) {
        return get(name, "a cell array of strings", file -> {
            Cell cells = file.getCell(name);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < cells.getNumElements(); i++) {
                texts.add(cells.getChar(i).getString());
            }
            return texts;
        });
    }

    /**
     * All elements of the struct array {@code annotations}; only the fields {@code fname} and {@code class} are read.
     */
    List<Annotation> annotations() {
        return get("annotations", "a struct array with the fields fname and class", file -> {
            Struct structs = file.getStruct("annotations");
            List<Annotation> annotations = new ArrayList<>();
            for (int i = 0; i < structs.getNumElements(); i++) {
                annotations.add(new Annotation(
                        structs.getChar("fname", i).getString(),
                        structs.getMatrix("class", i).getInt(0)));
            }
            return annotations;
        });
    }

    /**
     * {@code number} as a label.
     *
     * @param element the place of the number, for messages
     * @param number class, from 1
     */
    int label(String element, int number, int classes) {
        if (number < 1 || number > classes) {
            throw damaged(String.format(
                    Locale.ROOT,
                    "%s is class %d but the data set has %d classes (1..%d)",
                    element,
                    number,
                    classes,
                    classes));
        }
        return number - 1;
    }

    DatasetException damaged(String what) {
        return new DatasetException(path + ": " + what + "; download it again");
    }

    private <T> T get(String name, String kind, Function<MatFile, T> read) {
        try {
            return read.apply(content);
        } catch (RuntimeException e) { // absent, of another type, or too short: the library throws its own kinds
            throw new DatasetException(
                    String.format(
                            Locale.ROOT,
                            "%s: \"%s\" is missing or not %s (%s); download it again",
                            path,
                            name,
                            kind,
                            DatasetException.reason(e)),
                    e);
        }
    }
}
