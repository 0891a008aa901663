package dev.tandem.harness.experiment;

import dev.tandem.deploy.cli.CommandException;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Requests of so many images to a built-in architecture, written {@code resnet-50x4}.
 *
 * <p>A quota of CPU time slows nothing that is shorter than a few of its periods. Requests of several images are the same
 * work in slow motion: computing and bytes grow alike.
 *
 * @param images in one request
 */
record Workload(BuiltInModel model, int images) {

    /** @throws CommandException when there is no such architecture, or no such number */
    static Workload named(String name) {
        int mark = name.lastIndexOf('x');
        boolean hasImages = mark > 0 && name.substring(mark + 1).matches("[1-9][0-9]{0,2}");
        return hasImages
                ? new Workload(BuiltInModel.named(name.substring(0, mark)), Integer.parseInt(name.substring(mark + 1)))
                : new Workload(BuiltInModel.named(name), 1);
    }

    /** Writes and folds the model in a folder; the package is in there. */
    ModelPackage fold(Path folder) throws IOException {
        return model.fold(folder, images);
    }
}
