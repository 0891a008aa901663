package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model that a gateway serves, as the user lists it: what the argument and the options of {@code tandem serve} say of one.
 *
 * @param name under which applications ask for it
 * @param file ONNX, absolute
 * @param dimensions values of dynamic dimensions, each {@code NAME=VALUE}
 * @param nodes most nodes that a plan may use; 0: as many as there are
 * @param scheme absent: as the cluster's planner settings have it
 * @param shards of each divided stage; 0: one per node
 * @param objective absent: as the cluster's planner settings have it
 * @param profile to plan with, absolute; absent: measured when the model is served
 * @param plan to divide it by, absolute; absent: one is made
 * @param codec of tensors between nodes; absent: as the cluster's planner settings have it
 */
public record ModelSettings(
        String name,
        Path file,
        List<String> dimensions,
        int nodes,
        Optional<PlannerScheme> scheme,
        int shards,
        Optional<PlannerObjective> objective,
        Optional<Path> profile,
        Optional<Path> plan,
        Optional<PlannerCodec> codec) {

    /** The keys of a model; an element of the list has no counterpart in reference.conf. */
    private static final Config DEFAULTS = ConfigFactory.parseString("name = model, file = model.onnx, dimensions = [],"
            + " nodes = 1, scheme = auto, shards = 1, objective = throughput, profile = profile.json, plan = plan.json,"
            + " codec = exact");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");
    private static final Pattern DIMENSION = Pattern.compile("[^=]+=\\s*[1-9][0-9]{0,8}\\s*");
    private static final String ONNX = ".onnx";
    private static final int MAX_NODES = 64;
    private static final int MAX_SHARDS = 1024;

    public ModelSettings {
        dimensions = List.copyOf(dimensions);
        Limits.check("nodes of model " + name, nodes, 0, MAX_NODES);
        Limits.check("shards of model " + name, shards, 0, MAX_SHARDS);
    }

    /** The models of a list; no two of the same name. */
    static List<ModelSettings> list(SectionReader reader, String key) {
        List<ModelSettings> models = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (SectionReader element : reader.objectsOrWords(key, DEFAULTS, "file", "a list of models")) {
            ModelSettings model = from(element);
            if (element.has("file") && !names.add(model.name())) {
                element.refuse(
                        element.has("name") ? "name" : "file",
                        "expected a name that no other model has, not " + model.name(),
                        "Without the key name it is that of the file.");
            }
            models.add(model);
        }
        return List.copyOf(models);
    }

    private static ModelSettings from(SectionReader reader) {
        reader.require("file", "an ONNX file");
        Path file = reader.file("file");
        refuseBesidePlan(reader);
        return new ModelSettings(
                reader.has("name")
                        ? reader.text(
                                "name",
                                NAME,
                                "at most 128 letters, digits and . _ : -, starting with a letter or digit")
                        : nameOf(file),
                file,
                reader.names("dimensions", DIMENSION, "a list of \"NAME=VALUE\" with positive whole numbers"),
                reader.has("nodes") ? reader.integer("nodes", 1, MAX_NODES) : 0,
                reader.has("scheme") ? Optional.of(reader.choice("scheme", PlannerScheme.class)) : Optional.empty(),
                reader.has("shards") ? reader.integer("shards", 1, MAX_SHARDS) : 0,
                reader.has("objective")
                        ? Optional.of(reader.choice("objective", PlannerObjective.class))
                        : Optional.empty(),
                optionalFile(reader, "profile"),
                optionalFile(reader, "plan"),
                reader.has("codec") ? Optional.of(reader.choice("codec", PlannerCodec.class)) : Optional.empty());
    }

    private static void refuseBesidePlan(SectionReader reader) {
        List<String> said = Stream.of("nodes", "scheme", "shards", "objective", "codec")
                .filter(reader::has)
                .toList();
        if (reader.has("plan") && !said.isEmpty()) {
            reader.refuse(
                    "plan", "expected no plan beside " + String.join(", ", said), "A plan says all of that itself.");
        }
    }

    private static Optional<Path> optionalFile(SectionReader reader, String key) {
        return reader.has(key) ? Optional.of(reader.file(key)) : Optional.empty();
    }

    /** The same name as a model has that is served by itself. */
    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ONNX) ? name.substring(0, name.length() - ONNX.length()) : name;
    }

    /** As a user would write it; what is left open is left out. */
    @Override
    public String toString() {
        List<String> keys = new ArrayList<>(List.of("name = " + name, "file = " + file));
        if (!dimensions.isEmpty()) {
            keys.add("dimensions = " + dimensions);
        }
        if (nodes > 0) {
            keys.add("nodes = " + nodes);
        }
        scheme.ifPresent(value -> keys.add("scheme = " + word(value)));
        if (shards > 0) {
            keys.add("shards = " + shards);
        }
        objective.ifPresent(value -> keys.add("objective = " + word(value)));
        profile.ifPresent(value -> keys.add("profile = " + value));
        plan.ifPresent(value -> keys.add("plan = " + value));
        codec.ifPresent(value -> keys.add("codec = " + word(value)));
        return "{ " + String.join(", ", keys) + " }";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
