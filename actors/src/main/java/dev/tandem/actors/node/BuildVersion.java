package dev.tandem.actors.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** Tandem's version, which the build wrote beside the classes. Members of different versions do not join each other. */
public final class BuildVersion {

    private BuildVersion() {}

    public static String text() {
        try (InputStream stream = BuildVersion.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(Objects.requireNonNull(stream, "version.properties beside " + BuildVersion.class));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("version.properties cannot be read", e);
        }
    }
}
