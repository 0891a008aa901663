package dev.tandem.deploy.wiring;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of {@code conf} with options for the Java virtual machine, which the launcher gives to Java as they are. */
final class JvmOptions {

    /** With a number of bytes behind it: limits buffers outside the heap, those of tensors included. */
    static final String DIRECT_MEMORY = "-XX:MaxDirectMemorySize=";

    private static final Pattern DIRECT_MEMORY_OPTION = Pattern.compile(DIRECT_MEMORY + "(\\d+[kKmMgGtT]?)");

    private JvmOptions() {}

    /** One option per line, without comments and empty lines. */
    static List<String> read(String file) {
        return Installation.conf(file, Installation.home())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /** The limit that these options set for buffers outside the heap; 0 where none does, or one that Java does not take. */
    static long directMemoryBytes(List<String> options) {
        return options.stream()
                .map(DIRECT_MEMORY_OPTION::matcher)
                .filter(Matcher::matches)
                .mapToLong(option -> bytes(option.group(1)))
                .reduce(0, (before, last) -> last);
    }

    private static long bytes(String size) {
        return ConfigFactory.parseMap(Map.of("size", size)).getBytes("size");
    }
}
