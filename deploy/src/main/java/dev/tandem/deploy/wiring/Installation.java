package dev.tandem.deploy.wiring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** The folder that the program was started from, which the launcher names in {@code -Dtandem.home}. */
public final class Installation {

    /** Set by the launcher script: the folder that it is in the folder {@code bin} of. */
    private static final String HOME_PROPERTY = "tandem.home";

    private Installation() {}

    /** Empty for a process that the launcher has not started. */
    public static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty(HOME_PROPERTY)).map(Path::of);
    }

    /** A file of the folder {@code conf}: what the installation has there, or else what was there when this was built. */
    static String conf(String file, Optional<Path> home) {
        Optional<Path> installed =
                home.map(folder -> folder.resolve("conf").resolve(file)).filter(Files::exists);
        try {
            return installed.isPresent() ? Files.readString(installed.get()) : built(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    installed.map(Path::toString).orElse(file + " beside the classes") + " cannot be read", e);
        }
    }

    private static String built(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(Installation.class.getResourceAsStream(file), file + " beside the classes")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
