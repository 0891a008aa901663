package dev.tandem.config;

import java.nio.file.Path;

/**
 * ONNX Runtime and its threads.
 *
 * @param nativeDirectory absolute
 */
public record RuntimeSettings(boolean pinThreads, boolean intraOpSpinning, PrepackMode prepack, Path nativeDirectory) {

    static RuntimeSettings from(SectionReader reader) {
        return new RuntimeSettings(
                reader.flag("pin-threads"),
                reader.flag("intra-op-spinning"),
                reader.choice("prepack", PrepackMode.class),
                reader.path("native-directory"));
    }
}
