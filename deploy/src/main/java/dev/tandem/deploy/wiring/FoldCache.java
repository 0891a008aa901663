package dev.tandem.deploy.wiring;

import dev.tandem.config.SettingsLoader;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import java.nio.file.Path;

/**
 * Folded models that stay for the next command: in the directory {@code folded} below {@code tandem.node.data-directory}.
 * It may be deleted whenever no command runs; nothing else empties it. Safe to use from several processes at once.
 */
public final class FoldCache {

    private FoldCache() {}

    /**
     * Folds a model, or finds it folded by an earlier command.
     *
     * @throws dev.tandem.inference.onnx.ModelRefusedException when the model cannot be used as it is
     * @throws dev.tandem.config.SettingsException when the settings cannot be used
     */
    public static ModelPackage fold(Path model, DimensionValues dimensions) {
        return ModelFolder.fold(model, new FoldOptions(dimensions), directory());
    }

    static Path directory() {
        return SettingsLoader.load().settings().node().dataDirectory().resolve("folded");
    }
}
