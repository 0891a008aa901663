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
 * How to start a Java process like this one: same Java, same class path, the options of {@code conf/node.options}.
 *
 * @param launcher words before the Java command, such as {@code nice}
 * @param mainClass started with {@code node --config F --address-file A --exit-with-parent}
 * @param inherited beginnings of options of this process that the new one gets too
 * @param options for the Java virtual machine, in addition
 */
record MemberProgram(List<String> launcher, String mainClass, List<String> inherited, List<String> options) {

    private static final String MAIN = "dev.tandem.deploy.cli.Main";

    /** Options that a member needs as much as this process, because of the Java version or the place of libraries. */
    private static final List<String> NEEDED = List.of(
            "--add-opens",
            "--enable-native-access",
            "--sun-misc-unsafe-memory-access",
            "-Djava.io.tmpdir",
            "-Dtandem.home",
            "-Donnxruntime.native.path",
            "-Dtandem.native.directory");

    /** Options by which the launcher says where the class archive is. */
    private static final List<String> ARCHIVE = List.of("-XX:SharedArchiveFile", "-Xlog:", ClassArchive.OPTION);

    /** The member of the program itself. */
    static final MemberProgram TANDEM = of(MAIN);

    static MemberProgram of(String mainClass) {
        return new MemberProgram(
                List.of(),
                mainClass,
                Stream.concat(NEEDED.stream(), ARCHIVE.stream()).toList(),
                List.of());
    }

    private static final List<String> NICE = List.of("nice", "-n", "19");

    /** A member that leaves the processor to everyone else. */
    static final MemberProgram YIELDING = new MemberProgram(NICE, MAIN, NEEDED, List.of());

    /** A member that writes an archive of its classes when it ends, and leaves the processor to everyone else. */
    static MemberProgram archiving(Path archive) {
        List<String> options =
                List.of("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr");
        return new MemberProgram(NICE, MAIN, NEEDED, options);
    }

    MemberProgram {
        launcher = List.copyOf(launcher);
        inherited = List.copyOf(inherited);
        options = List.copyOf(options);
    }

    /**
     * The process, not yet started. The class path travels in the environment, so that the command line stays readable.
     *
     * @param memoryBytes that model pieces may use: so much of it may be buffers of tensors, or what the options say if that is
     *     more
     */
    ProcessBuilder process(Path settings, Path addressFile, long memoryBytes) {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmOptions.read("jvm.options"));
        command.addAll(JvmOptions.read("node.options"));
        command.addAll(inheritedOptions());
        command.addAll(options);
        if (JvmOptions.directMemoryBytes(command) < memoryBytes) {
            command.add(JvmOptions.DIRECT_MEMORY + memoryBytes);
        }
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

    private List<String> inheritedOptions() {
        return inherited.stream().flatMap(MemberProgram::matching).toList();
    }
}
