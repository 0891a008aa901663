package dev.tandem.deploy.wiring;

import dev.tandem.config.TandemSettings;
import dev.tandem.inference.runtime.NativeLibrary;
import java.nio.file.Path;

/** Where this process, and the members that it starts, have ONNX Runtime's libraries. */
final class NativeFiles {

    private NativeFiles() {}

    /** The directory of the system property, which is for the whole process, or that of the settings. */
    static Path directory(TandemSettings settings) {
        return System.getProperty(NativeLibrary.DIRECTORY_PROPERTY, "").isBlank()
                ? settings.runtime().nativeDirectory()
                : NativeLibrary.defaultDirectory();
    }
}
