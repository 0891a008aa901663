package dev.tandem.deploy.wiring;

import java.util.List;

/** The files of {@code conf} with options for the Java virtual machine, which the launcher gives to Java as they are. */
final class JvmOptions {

    private JvmOptions() {}

    /** One option per line, without comments and empty lines. */
    static List<String> read(String file) {
        return Installation.conf(file, Installation.home())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
