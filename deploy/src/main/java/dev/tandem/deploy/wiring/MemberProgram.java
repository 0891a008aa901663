package dev.tandem.deploy.wiring;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How to start a Java process like this one: same Java, same class path, small heap.
 *
 * @param mainClass started with {@code node --config F --address-file A --exit-with-parent}
 */
record MemberProgram(String mainClass) {

    /** The member of the program itself. */
    static final MemberProgram TANDEM = new MemberProgram("dev.tandem.deploy.cli.Main");

    /** Heap of a member: tensors and weights live outside of it. */
    private static final String HEAP = "-Xmx256m";

    /** For what is on its way, beyond the memory for parts of models. */
    private static final long TRANSPORT_BYTES = 512L << 20;

    /** Options that a member needs as much as this process, because of the Java version or the place of libraries. */
    private static final List<String> INHERITED = List.of(
            "--add-opens",
            "--enable-native-access",
            "--sun-misc-unsafe-memory-access",
            "-Djava.io.tmpdir",
            "-Donnxruntime.native.path",
            "-Dtandem.native.directory");

    /**
     * The process, not yet started. The class path travels in the environment, so that the command line stays readable.
     *
     * @param memoryBytes for parts of models; buffers outside the heap may take as much
     */
    ProcessBuilder process(Path settings, Path addressFile, long memoryBytes) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", HEAP));
        command.add("-XX:MaxDirectMemorySize=" + (memoryBytes + TRANSPORT_BYTES));
        command.addAll(inheritedOptions());
        command.add(mainClass);
        command.addAll(List.of("node", "--exit-with-parent", "--config", settings.toString()));
        command.addAll(List.of("--address-file", addressFile.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        // What the user set for a node of his own must not reach these.
        builder.environment().keySet().removeIf(name -> name.matches("TANDEM_(NODE|NETWORK|LOG)_.*|JAVA_TOOL_OPTIONS"));
        builder.environment().put("CLASSPATH", absoluteClassPath());
        builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
        return builder;
    }

    /** A member runs in a folder of its own, where relative entries would lead nowhere. */
    private static String absoluteClassPath() {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> matching(String prefix) {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(prefix));
    }

    private static List<String> inheritedOptions() {
        return INHERITED.stream().flatMap(MemberProgram::matching).toList();
    }
}
