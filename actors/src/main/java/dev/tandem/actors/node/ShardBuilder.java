package dev.tandem.actors.node;

import dev.tandem.actors.node.CutModel.Part;
import dev.tandem.actors.node.NodeMessages.Prepare;
import dev.tandem.actors.transport.PieceRef;
import dev.tandem.actors.transport.PieceStore;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.plan.Stage;
import dev.tandem.core.region.ShardRegions;
import dev.tandem.inference.rewrite.SegmentModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes the ONNX submodels of the shards that a plan puts on one node. Reads and writes files. Thread-safe. */
final class ShardBuilder {

    private final Path directory;
    private final String node;
    private final CutModels models;

    /** A shard of a plan that is on this node. */
    private record LocalShard(int lane, Endpoint endpoint, Part part) {}

    /** A shard's submodel, and the weights that must lie beside it before it can be opened. */
    record BuiltShard(int lane, Endpoint endpoint, Path model, List<PieceRef> weights) {}

    /** All shards of a plan on this node, and the graph they were cut from. */
    record BuiltShards(ModelGraph graph, List<BuiltShard> shards) {
        List<PieceRef> weights() {
            return shards.stream()
                    .flatMap(shard -> shard.weights().stream())
                    .distinct()
                    .toList();
        }
    }

    /**
     * @param store holds the model's skeleton and graph
     * @param directory of the store: submodels refer to their weights by file name
     */
    ShardBuilder(PieceStore store, Path directory, String node) {
        this.directory = directory;
        this.node = node;
        this.models = new CutModels(store);
    }

    /** Deletes the submodels of a process before this one, which was killed or ended while it wrote them. */
    void removeLeftovers() {
        try (DirectoryStream<Path> models = Files.newDirectoryStream(directory, "epoch-*.onnx")) {
            for (Path model : models) {
                Files.deleteIfExists(model);
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IllegalStateException("submodels left in " + directory + " cannot be deleted: " + e, e);
        }
    }

    /** Leaves no submodel behind when one of them cannot be made. */
    BuiltShards build(Prepare prepare) {
        CutModel model = models.of(prepare.manifest());
        List<LocalShard> shards = localShards(prepare.plan());
        Map<Part, SegmentModel> submodels =
                model.cut(shards.stream().map(LocalShard::part).toList());
        List<BuiltShard> built = new ArrayList<>();
        try {
            for (LocalShard shard : shards) {
                built.add(write(prepare.epoch(), shard, Objects.requireNonNull(submodels.get(shard.part()))));
            }
            return new BuiltShards(model.graph(), built);
        } catch (RuntimeException e) {
            built.forEach(shard -> delete(shard.model(), e));
            throw e;
        }
    }

    private static void delete(Path model, RuntimeException because) {
        try {
            Files.deleteIfExists(model);
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    private List<LocalShard> localShards(Plan plan) {
        List<LocalShard> shards = new ArrayList<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            List<Stage> stages = plan.lanes().get(lane).stages();
            for (int stage = 0; stage < stages.size(); stage++) {
                for (int shard = 0; shard < stages.get(stage).shards().size(); shard++) {
                    Shard here = stages.get(stage).shards().get(shard);
                    if (here.place().node().equals(node)) {
                        shards.add(new LocalShard(lane, new Endpoint(stage, shard), part(stages.get(stage), here)));
                    }
                }
            }
        }
        return shards;
    }

    private static Part part(Stage stage, Shard shard) {
        return new Part(stage.segment(), new ShardRegions(shard.inputs(), shard.outputs()));
    }

    private BuiltShard write(long epoch, LocalShard shard, SegmentModel model) {
        String name = "epoch-" + epoch + "-" + shard.lane() + "-" + shard.endpoint() + ".onnx";
        try {
            return new BuiltShard(shard.lane(), shard.endpoint(), model.writeTo(directory, name), weights(model));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory.resolve(name), e);
        }
    }

    private static List<PieceRef> weights(SegmentModel model) {
        return model.weights().stream()
                .map(piece -> new PieceRef(piece.sha256(), piece.bytes()))
                .toList();
    }
}
