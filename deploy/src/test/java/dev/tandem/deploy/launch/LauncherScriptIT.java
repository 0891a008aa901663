package dev.tandem.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.deploy.launch.Scripts.Outcome;
import dev.tandem.inference.runtime.OnnxRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code bin/tandem}, and the archive that is made of the program. */
class LauncherScriptIT {

    private static final Path SCRIPT = Scripts.home().resolve("bin/tandem");

    /** Says its version when asked, and else what it was started with. */
    private static final String FAKE_JAVA =
            """
            #!/bin/sh
            if [ "$1" = -version ]; then
                echo 'openjdk version "%s" 2030-01-01' >&2
            else
                printf '%%s\\n' "$@"
                echo "telemetry off: $ORT_DISABLE_TELEMETRY"
            fi
            """;

    /** The members that make an archive yield to whoever else computes, and give up after five minutes. */
    private static final Duration ARCHIVED_WITHIN = Duration.ofMinutes(6);

    @TempDir
    private Path temporary = Path.of("");

    private Path folder = Path.of("");

    @BeforeEach
    void makeFolderWithSpaces() throws IOException {
        folder = Files.createDirectory(temporary.resolve("a folder"));
    }

    @Test
    void givesJavaTheOptionsOfTheCommand() throws Exception {
        Path home = distribution();

        List<String> node = start(home.resolve("bin/tandem"), "17.0.1", "node", "--name", "a b");
        List<String> graph = start(home.resolve("bin/tandem"), "17.0.1", "graph", "m.onnx");

        assertThat(node).contains("@" + home + "/conf/jvm.options", "@" + home + "/conf/node.options");
        assertThat(node)
                .containsSubsequence("-cp", home + "/lib/*", "dev.tandem.deploy.cli.Main", "node", "--name", "a b");
        assertThat(node).contains("telemetry off: 1").doesNotContain("--enable-native-access=ALL-UNNAMED");
        assertThat(graph)
                .contains("@" + home + "/conf/command.options")
                .doesNotContain("@" + home + "/conf/node.options");
        assertThat(start(home.resolve("bin/tandem"), "24-ea", "graph"))
                .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    void findsItselfBehindSymbolicLinks() throws Exception {
        Path home = distribution();
        Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), home.resolve("bin/tandem"));
        Files.createDirectory(folder.resolve("links"));
        Path relative = Files.createSymbolicLink(folder.resolve("links/relative"), Path.of("../absolute"));

        assertThat(start(absolute, "17", "graph")).contains(home + "/lib/*");
        assertThat(start(relative, "17", "graph")).contains(home + "/lib/*");
    }

    @Test
    void addsTheUsersOptionsBehindTheDefaults() throws Exception {
        Path home = distribution();
        Map<String, String> environment = Map.of("JAVA_HOME", java("17"), "TANDEM_JAVA_OPTS", "-Xmx1g -Dx=y");

        Outcome outcome = Scripts.run(environment, home.resolve("bin/tandem"), "graph");

        assertThat(outcome.out().lines())
                .containsSubsequence("@" + home + "/conf/command.options", "-Xmx1g", "-Dx=y", "-cp");
    }

    @Test
    void refusesAnOldJavaAndNone() throws Exception {
        Outcome old = Scripts.run(Map.of("JAVA_HOME", java("1.8.0_292")), SCRIPT, "graph");
        Outcome none = Scripts.run(Map.of("JAVA_HOME", "", "PATH", pathWithoutJava()), SCRIPT, "graph");
        Outcome strange = Scripts.run(Map.of("JAVA_HOME", java("?")), SCRIPT, "graph");

        assertThat(old.code()).isEqualTo(3);
        assertThat(old.err()).contains("Java 17 or newer is needed", "older (version 8)", "JAVA_HOME");
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err()).contains("Java 17 or newer is needed", "no 'java'", "openjdk-17");
        assertThat(strange.code()).isEqualTo(3);
        assertThat(strange.err()).contains("cannot be found out");
    }

    @Test
    void refusesToStartWhereThereIsNoProgram() throws Exception {
        Path script = Files.createDirectory(folder.resolve("bin")).resolve("tandem");
        Files.copy(SCRIPT, script, StandardCopyOption.COPY_ATTRIBUTES);

        Outcome outcome = Scripts.run(Map.of("JAVA_HOME", java("17")), script, "graph");

        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err()).contains("neither a distribution nor a clone");
    }

    @Test
    void takesTheBuildOfACloneAsItIsWhenAsked() throws Exception {
        assertThat(start(SCRIPT, "17", "graph")).contains(Scripts.home() + "/target/lib/*");
    }

    @Test
    void archiveRunsWhereverItIsUnpacked() throws Exception {
        Path home = unpacked();

        Outcome version = Scripts.run(Map.of(), home.resolve("bin/tandem"), "--version");
        Outcome cluster = Scripts.run(Map.of(), home.resolve("bin/tandem-cluster"), "--help");

        assertThat(version.out())
                .startsWith("tandem " + BuildVersion.text())
                .contains("onnxruntime " + OnnxRuntime.version());
        assertThat(version.code()).isZero();
        assertThat(cluster.out()).contains("Usage: tandem cluster", "up", "status", "logs", "down");
        assertThat(home.resolve("LICENSE")).exists();
        assertThat(home.resolve("conf/reference.conf")).exists();
    }

    @Test
    void archiveNamesTheLicenceOfEveryLibrary() throws Exception {
        Path home = unpacked();
        List<String> notice = Files.readAllLines(home.resolve("NOTICE")).stream()
                .map(String::strip)
                .toList();

        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            List<String> libraries = jars.map(
                            jar -> jar.getFileName().toString().replaceFirst("-\\d.*", ""))
                    .filter(name -> !name.startsWith("tandem-"))
                    .toList();
            assertThat(notice).containsAll(libraries);
        }
        assertThat(notice.stream().filter(line -> line.endsWith(".txt") && line.contains(", ")))
                .allSatisfy(
                        line -> assertThat(home.resolve("licences").resolve(line.substring(line.lastIndexOf(' ') + 1)))
                                .exists());
    }

    @Test
    void makesAnArchiveOfClassesAndUsesItFromThenOn() throws Exception {
        Path home = distribution();
        Path archives = folder.resolve(".cache/tandem/classes");
        Map<String, String> environment = Map.of(
                "HOME",
                folder.toString(),
                "TANDEM_CLASS_ARCHIVE",
                "on",
                "TANDEM_JAVA_OPTS",
                "-Dtandem.class-archive-delay-millis=0");
        Files.createDirectories(archives);
        Path left = Files.writeString(archives.resolve("1-2.jsa.part"), "left by a killed process");

        Path archive = runNodeUntilArchived(home, environment, archives);

        Map<String, String> strict =
                Map.of("HOME", folder.toString(), "TANDEM_CLASS_ARCHIVE", "on", "TANDEM_JAVA_OPTS", "-Xshare:on");
        Outcome used = Scripts.run(strict, home.resolve("bin/tandem"), "--version");
        assertThat(used.code()).as(used.err() + used.out()).isZero();
        assertThat(left).doesNotExist();
        try (RandomAccessFile file = new RandomAccessFile(writable(archive).toFile(), "rw")) {
            file.setLength(file.length() / 2);
        }
        Outcome broken = Scripts.run(environment, home.resolve("bin/tandem"), "--version");
        assertThat(broken.out()).startsWith("tandem ");
        assertThat(broken.err()).isEmpty();
        Map<String, String> unwritable = Map.of("HOME", "/dev/null", "TANDEM_CLASS_ARCHIVE", "on");
        assertThat(Scripts.run(unwritable, home.resolve("bin/tandem"), "--version")
                        .err())
                .isEmpty();
    }

    private Path runNodeUntilArchived(Path home, Map<String, String> environment, Path archives) throws Exception {
        Process node = Scripts.builder(
                        environment,
                        home.resolve("bin/tandem"),
                        "--verbose",
                        "node",
                        "--exit-with-parent",
                        "--data",
                        folder.resolve("data").toString())
                .redirectErrorStream(true)
                .start();
        try (var watch = archives.getFileSystem().newWatchService();
                BufferedReader reader = node.inputReader()) {
            archives.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            assertThat(reader.lines().filter(line -> line.contains("is up at")).findFirst())
                    .isPresent();
            long end = System.nanoTime() + ARCHIVED_WITHIN.toNanos();
            while (System.nanoTime() < end) {
                try (Stream<Path> files = Files.list(archives)) {
                    var made = files.filter(file -> file.toString().endsWith(".jsa.size"))
                            .findFirst();
                    if (made.isPresent()) {
                        return Path.of(made.get().toString().replaceFirst("\\.size$", ""));
                    }
                }
                var unused = watch.poll(1, TimeUnit.SECONDS);
            }
            node.toHandle().destroy(); // which, unlike destroy(), leaves what it has said to be read
            throw new AssertionError("no archive of classes in " + archives + "; the node said "
                    + reader.lines().toList());
        } finally {
            node.destroy();
            node.waitFor(30, TimeUnit.SECONDS);
        }
    }

    private static Path writable(Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** What the fake Java was started with, a line per argument. */
    private List<String> start(Path script, String javaVersion, String... arguments) throws Exception {
        Outcome outcome = Scripts.run(Map.of("JAVA_HOME", java(javaVersion)), script, arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out().lines().toList();
    }

    private String java(String version) throws IOException {
        Path home = folder.resolve("java " + version.hashCode());
        Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(program, FAKE_JAVA.formatted(version));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home.toString();
    }

    /** The tools that the script needs, and no more. */
    private String pathWithoutJava() throws IOException {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : List.of("sh", "dirname", "readlink", "sed", "head")) {
            Path real = Path.of("/usr/bin", tool);
            Files.createSymbolicLink(tools.resolve(tool), Files.exists(real) ? real : Path.of("/bin", tool));
        }
        return tools.toString();
    }

    /** The layout of a distribution, with the libraries of this build. */
    private Path distribution() throws IOException {
        Path home = Files.createDirectories(folder.resolve("tandem"));
        for (String part : List.of("bin", "conf")) {
            copy(Scripts.home().resolve(part), Files.createDirectory(home.resolve(part)));
        }
        Files.createSymbolicLink(home.resolve("lib"), Scripts.home().resolve("target/lib"));
        return home;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private Path unpacked() throws IOException, InterruptedException {
        String name = "tandem-" + BuildVersion.text();
        Path archive = Scripts.home().resolve("target").resolve(name + ".tar.gz");
        assumeTrue(Files.exists(archive), "there is no " + archive + ": the profile fast leaves it out");
        Process tar = new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        return folder.resolve(name);
    }
}
