package dev.tandem.deploy.wiring;

import com.typesafe.config.ConfigFactory;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.inference.onnx.DimensionValues;
import dev.tandem.inference.onnx.FoldOptions;
import dev.tandem.inference.onnx.ModelFolder;
import dev.tandem.inference.onnx.ModelPackage;
import dev.tandem.inference.runtime.NativeLibrary;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Folded models that stay for the next command: in the directory {@code folded} below {@code tandem.node.data-directory}.
 * It may be deleted whenever no command runs; nothing else empties it. Safe to use from several processes at once.
 */
public final class FoldCache {

    private FoldCache() {}

    /** The same with the settings of a user who has no settings file. */
    public static ModelPackage fold(Path model, DimensionValues dimensions) {
        return fold(model, dimensions, Optional.empty());
    }

    /**
     * Folds a model, or finds it folded by an earlier command. The first to load ONNX Runtime in a command, and so the one
     * who heeds where the settings want its libraries.
     *
     * @param file of the settings
     * @throws dev.tandem.inference.onnx.ModelRefusedException when the model cannot be used as it is
     * @throws dev.tandem.config.SettingsException when the settings cannot be used
     */
    public static ModelPackage fold(Path model, DimensionValues dimensions, Optional<Path> file) {
        return fold(
                model,
                dimensions,
                SettingsLoader.load(file, ConfigFactory.empty()).settings());
    }

    /** The same with settings that have been read. */
    static ModelPackage fold(Path model, DimensionValues dimensions, TandemSettings settings) {
        NativeLibrary.prepare(NativeFiles.directory(settings));
        return ModelFolder.fold(model, new FoldOptions(dimensions), directory(settings));
    }

    static Path directory(TandemSettings settings) {
        return settings.node().dataDirectory().resolve("folded");
    }
}
