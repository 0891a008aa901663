package dev.tandem.inference.runtime;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Unpacks ONNX Runtime's native libraries once per version, instead of into the temporary directory at every start, and
 * tells the Java binding where they are.
 *
 * <p>Each file is written beside its place and renamed into it under a file lock, so that several processes may start at
 * once and a process that is killed leaves nothing that a later one would load. A directory that already holds complete
 * files is only read, so it may be read-only.
 */
public final class NativeLibrary {
    /** System property that names the directory to unpack into. */
    public static final String DIRECTORY_PROPERTY = "tandem.native.directory";

    /** The Java binding's own property; a value set by the user wins and nothing is unpacked. */
    static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final String CUDA = "onnxruntime_providers_cuda";

    /** The artifact for CPUs has the first two or three; ONNX Runtime looks for the others beside them. */
    private static final List<String> LIBRARIES = List.of(
            "onnxruntime",
            "onnxruntime4j_jni",
            "onnxruntime_providers_shared",
            CUDA,
            "onnxruntime_providers_tensorrt",
            "onnxruntime_providers_qnn");

    private static final String PART_SUFFIX = ".part";

    /** Folders that the binding was told of here; any other value of its property is the user's. */
    private static final Set<Path> PREPARED = new HashSet<>();

    private NativeLibrary() {}

    /** The directory named by {@value #DIRECTORY_PROPERTY}, or {@code ~/.cache/tandem/native}. */
    public static Path defaultDirectory() {
        return Optional.ofNullable(System.getProperty(DIRECTORY_PROPERTY))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".cache", "tandem", "native"));
    }

    /**
     * Makes sure that the libraries lie under {@code directory} and that ONNX Runtime will load them from there, unless the
     * user has named a folder of libraries. Has no effect on an environment that already exists.
     *
     * @return the folder that holds the libraries
     * @throws NativeLibraryException if the platform has no library in the jar or the directory cannot be written
     */
    public static synchronized Path prepare(Path directory) {
        Optional<Path> chosen = userFolder();
        if (chosen.isPresent()) {
            return chosen.get();
        }
        Path folder = unpack(directory);
        PREPARED.add(folder);
        System.setProperty(PATH_PROPERTY, folder.toString());
        return folder;
    }

    /** As {@link #prepare(Path)} with the default directory, unless the libraries have been prepared already. */
    static synchronized Path prepare() {
        String chosen = System.getProperty(PATH_PROPERTY);
        return chosen != null && !chosen.isBlank() ? Path.of(chosen) : prepare(defaultDirectory());
    }

    private static Path unpack(Path directory) {
        return unpack(directory, platform(), NativeLibrary::packed);
    }

    /**
     * Unpacks what {@code packed} finds by the names of the files. Artifacts of one version differ in libraries of the same
     * name, so each has a folder of its own.
     */
    static Path unpack(Path directory, String platform, Function<String, Optional<URL>> packed) {
        String flavour = packed.apply(System.mapLibraryName(CUDA)).isPresent() ? "-gpu" : "";
        Path folder = directory.toAbsolutePath().resolve("onnxruntime-" + version() + "-" + platform + flavour);
        try {
            List<PackedFile> files = packedFiles(platform, packed);
            if (!isComplete(folder, files)) {
                unpackLocked(folder, files);
            }
            return folder;
        } catch (IOException e) {
            throw new NativeLibraryException(
                    "native library directory (" + directory + ") must be writable to unpack ONNX Runtime " + version()
                            + ": " + e + ". Maybe choose another one with -D" + DIRECTORY_PROPERTY + "=DIRECTORY.",
                    e);
        }
    }

    private static void unpackLocked(Path folder, List<PackedFile> files) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel lock =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = lock.lock()) {
            assert held.isValid();
            deleteParts(folder);
            for (PackedFile file : files) {
                if (!file.isAt(folder)) {
                    file.writeTo(folder);
                }
            }
        }
    }

    /** Only the holder of the lock writes parts, so whatever is found was left by a process that died. */
    private static void deleteParts(Path folder) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART_SUFFIX)) {
            for (Path part : parts) {
                Files.delete(part);
            }
        }
    }

    private static boolean isComplete(Path folder, List<PackedFile> files) throws IOException {
        for (PackedFile file : files) {
            if (!file.isAt(folder)) {
                return false;
            }
        }
        return true;
    }

    private static Optional<URL> packed(String name) {
        return Optional.ofNullable(OrtException.class.getResource("/ai/onnxruntime/native/" + platform() + "/" + name));
    }

    private static List<PackedFile> packedFiles(String platform, Function<String, Optional<URL>> packed)
            throws IOException {
        List<PackedFile> files = new ArrayList<>();
        for (String library : LIBRARIES) {
            String name = System.mapLibraryName(library);
            Optional<URL> source = packed.apply(name);
            if (source.isPresent()) {
                files.add(PackedFile.of(name, source.get()));
            }
        }
        if (files.size() < 2) {
            throw new NativeLibraryException(
                    "platform (" + platform + ") must be one for which ONNX Runtime " + version()
                            + " is published with its Java binding. Maybe build it and name its folder with -D"
                            + PATH_PROPERTY + "=FOLDER.",
                    null);
        }
        return files;
    }

    private static String platform() {
        return platform(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** The jar's folder name for a platform, for example {@code linux-x64}. */
    static String platform(String osName, String osArchitecture) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : os.replace(' ', '-');
        String architecture =
                switch (osArchitecture.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64" -> "x64";
                    case "aarch64", "arm64" -> "aarch64";
                    default -> osArchitecture;
                };
        return system + "-" + architecture;
    }

    /** Whether the libraries that will be loaded have one for CUDA beside them; known without loading any. */
    static boolean mayHaveGpu() {
        String name = System.mapLibraryName(CUDA);
        return userFolder().map(folder -> Files.exists(folder.resolve(name))).orElseGet(() -> packed(name)
                .isPresent());
    }

    /** Which build of ONNX Runtime this is: the artifact and its version, and the folder that the user has named. */
    static String build() {
        return (mayHaveGpu() ? "onnxruntime_gpu " : "onnxruntime ")
                + version()
                + userFolder().map(folder -> " in " + folder).orElse("");
    }

    private static synchronized Optional<Path> userFolder() {
        return Optional.ofNullable(System.getProperty(PATH_PROPERTY))
                .filter(chosen -> !chosen.isBlank())
                .map(Path::of)
                .filter(chosen -> !PREPARED.contains(chosen));
    }

    /** Version of the Java binding, which the library must match; known without loading the library. */
    static String version() {
        return Optional.ofNullable(OrtException.class.getPackage().getImplementationVersion())
                .orElse("bundled");
    }

    /** A library inside the jar and its unpacked size, by which a complete copy is told from a broken one. */
    private record PackedFile(String name, URL source, long sizeBytes) {
        static PackedFile of(String name, URL source) throws IOException {
            URLConnection connection = source.openConnection();
            connection.setUseCaches(false);
            try (InputStream content = connection.getInputStream()) {
                assert content != null;
                return new PackedFile(name, source, connection.getContentLengthLong());
            }
        }

        boolean isAt(Path folder) throws IOException {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file) && Files.size(file) == sizeBytes;
        }

        void writeTo(Path folder) throws IOException {
            Path part = folder.resolve(name + PART_SUFFIX);
            try (InputStream content = source.openStream()) {
                Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
            }
            // A rename that reaches the disk before the content would leave a library of the right size full of zeros.
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
