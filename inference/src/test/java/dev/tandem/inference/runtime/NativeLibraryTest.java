package dev.tandem.inference.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path folder;

    private String chosen = "";

    /** The property decides what the rest of this JVM's tests load. */
    @BeforeEach
    void loadRuntime() {
        OnnxRuntime.environment();
        chosen = System.getProperty(NativeLibrary.PATH_PROPERTY, "");
    }

    @AfterEach
    void restoreProperty() {
        System.setProperty(NativeLibrary.PATH_PROPERTY, chosen);
    }

    @Test
    void unpacksIntoFolderOfVersionAndPlatform() throws IOException {
        Path unpacked = NativeLibrary.prepare(folder);

        assertThat(unpacked).hasParent(folder);
        assertThat(unpacked.getFileName().toString()).startsWith("onnxruntime-" + OnnxRuntime.version() + "-");
        assertThat(System.getProperty(NativeLibrary.PATH_PROPERTY)).isEqualTo(unpacked.toString());
        assertThat(visibleFiles(unpacked))
                .contains(System.mapLibraryName("onnxruntime"), System.mapLibraryName("onnxruntime4j_jni"));
    }

    @Test
    void leavesCompleteFilesAlone() throws IOException {
        Path library = NativeLibrary.prepare(folder).resolve(System.mapLibraryName("onnxruntime4j_jni"));
        Object before = Files.getAttribute(library, "unix:ino");

        NativeLibrary.prepare(folder);

        assertThat(Files.getAttribute(library, "unix:ino")).isEqualTo(before);
    }

    @Test
    void leavesTheFolderThatTheUserNamed() {
        Path named = folder.resolve("named");
        System.setProperty(NativeLibrary.PATH_PROPERTY, named.toString());

        assertThat(NativeLibrary.prepare(folder.resolve("other"))).isEqualTo(named);
        assertThat(System.getProperty(NativeLibrary.PATH_PROPERTY)).isEqualTo(named.toString());
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    void replacesWhatAKilledProcessLeft() throws IOException {
        Path unpacked = NativeLibrary.prepare(folder);
        Path library = unpacked.resolve(System.mapLibraryName("onnxruntime4j_jni"));
        byte[] whole = Files.readAllBytes(library);
        Files.write(library, new byte[100]);
        Files.write(unpacked.resolve("left.part"), new byte[100]);

        NativeLibrary.prepare(folder);

        assertThat(library).hasBinaryContent(whole);
        assertThat(visibleFiles(unpacked)).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void refusesDirectoryThatCannotBeWritten() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> NativeLibrary.prepare(file))
                .isInstanceOf(NativeLibraryException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("must be writable")
                .hasMessageContaining(NativeLibrary.DIRECTORY_PROPERTY);
    }

    @Test
    void namesPlatformsAsTheJarDoes() {
        assertThat(NativeLibrary.platform("Linux", "amd64")).isEqualTo("linux-x64");
        assertThat(NativeLibrary.platform("Linux", "aarch64")).isEqualTo("linux-aarch64");
        assertThat(NativeLibrary.platform("Mac OS X", "aarch64")).isEqualTo("osx-aarch64");
        assertThat(NativeLibrary.platform("Windows 11", "amd64")).isEqualTo("win-x64");
        assertThat(NativeLibrary.platform("Linux", "arm")).isEqualTo("linux-arm");
    }

    @Test
    void keepsTheArtifactForGpusApart() throws IOException {
        List<String> libraries = Stream.of(
                        "onnxruntime",
                        "onnxruntime4j_jni",
                        "onnxruntime_providers_shared",
                        "onnxruntime_providers_cuda",
                        "onnxruntime_providers_tensorrt")
                .map(System::mapLibraryName)
                .toList();
        Path jar = Files.createDirectory(folder.resolve("jar"));
        for (String library : libraries) {
            Files.writeString(jar.resolve(library), library);
        }

        Path unpacked = NativeLibrary.unpack(folder.resolve("native"), "linux-x64", name -> url(jar.resolve(name)));

        assertThat(unpacked).hasFileName("onnxruntime-" + OnnxRuntime.version() + "-linux-x64-gpu");
        assertThat(visibleFiles(unpacked)).containsExactlyInAnyOrderElementsOf(libraries);
    }

    private static Optional<URL> url(Path file) {
        try {
            return Files.exists(file) ? Optional.of(file.toUri().toURL()) : Optional.empty();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void saysThatLibrariesAreThoseOfTheUser() throws IOException {
        System.setProperty(NativeLibrary.PATH_PROPERTY, folder.toString());
        assertThat(NativeLibrary.build()).isEqualTo("onnxruntime " + OnnxRuntime.version() + " in " + folder);

        Files.createFile(folder.resolve(System.mapLibraryName("onnxruntime_providers_cuda")));

        assertThat(NativeLibrary.build()).isEqualTo("onnxruntime_gpu " + OnnxRuntime.version() + " in " + folder);
    }

    @Test
    void knowsItsVersionWithoutLoading() {
        assertThat(OnnxRuntime.version()).isEqualTo(OnnxRuntime.environment().getVersion());
    }

    @Test
    void startsWithCommandLineOfEightKilobytes() throws Exception {
        Path model = model();
        List<String> padding = List.of("-Dpadding=" + "x".repeat(8 * 1024));
        try (ChildProcess child = ChildProcess.start(model, temporary(), folder.resolve("native"), padding, "exit")) {
            assertThat(child.exitValue()).as(child.output()).isZero();
            assertThat(child.output()).contains(ChildProcess.DONE);
        }
        assertThat(visibleFiles(temporary())).isEmpty();
    }

    @Test
    void leavesNoTemporaryFileWhenKilled() throws Exception {
        Path unpacked = folder.resolve("native");
        NativeLibrary.prepare(unpacked);
        try (ChildProcess child = ChildProcess.start(model(), temporary(), unpacked, List.of(), "halt")) {
            assertThat(child.exitValue()).as(child.output()).isEqualTo(137);
        }
        assertThat(visibleFiles(temporary())).isEmpty();
    }

    @Test
    void severalProcessesUnpackIntoOneFreshDirectory() throws Exception {
        Path model = model();
        List<ChildProcess> children = new ArrayList<>();
        try {
            for (int child = 0; child < 3; child++) {
                children.add(ChildProcess.start(model, temporary(), folder.resolve("native"), List.of(), "exit"));
            }
            for (ChildProcess child : children) {
                assertThat(child.exitValue()).as(child.output()).isZero();
            }
        } finally {
            children.forEach(ChildProcess::close);
        }
        assertThat(visibleFiles(folder.resolve("native"))).hasSize(1);
    }

    @RepeatedTest(3)
    void endsInOrderWhenAskedToWhileComputing() throws Exception {
        Path unpacked = NativeLibrary.defaultDirectory();
        Path deep = SmallModels.deep(folder, 1000);
        List<String> options = List.of("-XX:ErrorFile=" + folder.resolve("crash.log"));
        try (ChildProcess child = ChildProcess.start(deep, temporary(), unpacked, options, "endless")) {
            child.terminateWhenComputing();

            assertThat(child.exitValue()).as(child.output()).isEqualTo(128 + 15);
            assertThat(folder.resolve("crash.log")).as(child.output()).doesNotExist();
        }
    }

    private Path model() throws IOException {
        return SmallModels.sumAndProduct(folder, DataType.FLOAT, 1);
    }

    private Path temporary() throws IOException {
        return Files.createDirectories(folder.resolve("temporary"));
    }

    private static List<String> visibleFiles(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        }
    }
}
