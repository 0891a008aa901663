package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.inference.graph.GraphJson;
import dev.tandem.inference.graph.GraphReader;
import dev.tandem.inference.runtime.NativeSessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Folds a model: ONNX Runtime's basic optimisation level, which needs standard operators only, saved as a graph beside
 * one file per weight, with dense layers that are too large for one divided. Packages are kept by what they were made of, so
 * that folding the same model again is free.
 */
public final class ModelFolder {
    private static final String WORK = ".fold-";
    private static final String FOLDED = "folded.onnx";
    private static final String FOLDED_WEIGHTS = "folded.data";
    private static final String FOLDER_CONFIG = "session.model_external_initializers_file_folder_path";
    private static final String WEIGHTS_CONFIG = "session.optimized_model_external_initializers_file_name";
    private static final String LIMIT_CONFIG = "session.optimized_model_external_initializers_min_size_in_bytes";

    private ModelFolder() {}

    /**
     * Folds a model, or finds it folded: the package lies in a directory of its own below {@code directory}, named by
     * model, options and runtime version. It appears there complete or not at all, and is on disk when it does; one that
     * lacks bytes, or whose graph is damaged, is made anew. Safe to call from several threads and processes at once: one
     * of them folds at a time, the others wait.
     *
     * @throws ModelRefusedException when the model cannot be used as it is
     */
    public static ModelPackage fold(Path model, FoldOptions options, Path directory) {
        OnnxFile source = OnnxFile.read(model);
        FoldManifest manifest = new FoldManifest(
                FoldManifest.FORMAT,
                source.name(),
                source.digest(),
                RuntimeSessions.environment().getVersion(),
                options.dimensions().values(),
                options.mostDenseBytes(),
                List.of(),
                Map.of());
        Path target = directory.resolve(manifest.key());
        try {
            Optional<ModelPackage> kept = kept(target);
            return kept.isPresent()
                    ? kept.get()
                    : FolderLock.within(directory, () -> foldLocked(source, options, manifest, directory));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a folded model to " + directory, e);
        }
    }

    private static Optional<ModelPackage> kept(Path target) {
        if (FoldManifest.read(target)
                .filter(manifest -> manifest.isComplete(target))
                .isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ModelPackage.open(target));
        } catch (ModelRefusedException damaged) {
            // A package that is damaged in spite of its sizes is made anew, like one that is incomplete.
            return Optional.empty();
        }
    }

    /** Another process may have folded the model while this one waited. */
    private static ModelPackage foldLocked(OnnxFile source, FoldOptions options, FoldManifest manifest, Path directory)
            throws IOException {
        removeLeftovers(directory);
        Optional<ModelPackage> kept = kept(directory.resolve(manifest.key()));
        return kept.isPresent() ? kept.get() : foldAnew(source, options, manifest, directory);
    }

    /** Whoever holds the lock is the only one who folds: other work directories belong to processes that ended. */
    private static void removeLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, WORK + "*")) {
            for (Path leftover : leftovers) {
                deleteTree(leftover);
            }
        }
    }

    private static ModelPackage foldAnew(OnnxFile source, FoldOptions options, FoldManifest manifest, Path directory)
            throws IOException {
        Path work = Files.createTempDirectory(directory.toAbsolutePath(), WORK);
        try {
            Path made = Files.createDirectory(work.resolve("package"));
            ModelProto folded = optimise(source, PreparedModel.of(source, options), work);
            source.requireUnchanged(manifest.source());
            FoldedModel tidied = FoldedModel.tidy(folded, new WeightStore(work, made), options.mostDenseBytes());
            describe(source, tidied.skeleton(), made);
            manifest.with(tidied.divided(), sizes(made)).write(made);
            force(made);
            return publish(made, directory.resolve(manifest.key()), work);
        } finally {
            deleteTree(work);
        }
    }

    /** Lets the runtime save its basic level into the work directory, weights beside it. */
    private static ModelProto optimise(OnnxFile source, ModelProto prepared, Path work) {
        Path folded = work.resolve(FOLDED);
        try (SessionOptions options = RuntimeSessions.options(OptLevel.BASIC_OPT, 1)) {
            options.setOptimizedModelFilePath(folded.toString());
            options.addConfigEntry(FOLDER_CONFIG, source.home().toString());
            options.addConfigEntry(WEIGHTS_CONFIG, FOLDED_WEIGHTS);
            options.addConfigEntry(LIMIT_CONFIG, Integer.toString(SlimReader.INLINE_LIMIT_BYTES));
            options.addConfigEntry("session.disable_prepacking", "1");
            try (OrtSession session = NativeSessions.open(prepared.toByteArray(), options)) {
                assert session.getNumOutputs() > 0;
            }
        } catch (OrtException e) {
            throw LoadErrors.translate(source, e);
        }
        return SlimReader.read(folded);
    }

    private static void describe(OnnxFile source, ModelProto skeleton, Path made) throws IOException {
        ShapesByValue.refuse(source, skeleton.getGraph());
        byte[] bytes = skeleton.toByteArray();
        Files.write(made.resolve(ModelPackage.SKELETON), bytes);
        Map<String, TensorSpec> tensors = ShapeReader.read(source, skeleton, made);
        ModelChecks.checkOutputs(source, skeleton.getGraph(), tensors);
        Files.write(made.resolve(ModelPackage.GRAPH), GraphJson.write(graph(source, skeleton, bytes, tensors)));
    }

    private static ModelGraph graph(
            OnnxFile source, ModelProto skeleton, byte[] bytes, Map<String, TensorSpec> tensors) {
        try {
            return GraphReader.read(skeleton, source.name(), Sha256.of(bytes), tensors);
        } catch (IllegalArgumentException e) {
            throw new ModelRefusedException(
                    "model " + source.path() + " cannot be cut: " + e.getMessage() + " Maybe drop that output.", e);
        }
    }

    private static Map<String, Long> sizes(Path directory) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                sizes.put(String.valueOf(file.getFileName()), Files.size(file));
            }
        }
        return sizes;
    }

    /** Puts every file on disk: after a loss of power a package that is there is whole. */
    private static void force(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
    }

    private static ModelPackage publish(Path made, Path target, Path work) throws IOException {
        if (Files.exists(target)) {
            Files.move(target, work.resolve("damaged"));
        }
        Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        return ModelPackage.open(target);
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
