package dev.tandem.deploy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Tandem's version, which the build wrote beside the classes, and those of what it runs on. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {
            "tandem " + tandem(),
            "java " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
            "onnxruntime "
                    + Optional.ofNullable(ai.onnxruntime.OrtException.class
                                    .getPackage()
                                    .getImplementationVersion())
                            .orElse("bundled")
        };
    }

    /** Version of this build. */
    static String tandem() {
        try (InputStream stream = VersionProvider.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(Objects.requireNonNull(stream, "version.properties beside " + VersionProvider.class));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties cannot be read", e);
        }
    }
}
