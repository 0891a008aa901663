package dev.tandem.deploy.cli;

import dev.tandem.inference.zoo.ZooCounts;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import dev.tandem.inference.zoo.ZooReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes standard architectures as ONNX files. */
@CommandLine.Command(
        name = "zoo",
        header = "Write a standard architecture as an ONNX file.",
        description = {
            "",
            "Writes a standard architecture as an ONNX file, with random weights that a seed decides: the same seed gives"
                    + " the same file everywhere. Its arithmetic and size are those of the trained model; its classes"
                    + " mean nothing. Above 64 MiB of weights they go into FILE.data beside the file.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem zoo --list",
            "  tandem zoo mobilenet-v2 -o mobilenet.onnx",
            "  tandem zoo resnet-50 -o resnet.onnx --resolution 160 --batch 4 --seed 7"
        })
public final class ZooCommand implements Command {

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The architecture; --list shows them.")
    private @Nullable String name;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write the model. Default: NAME.onnx in this folder.")
    private @Nullable Path output;

    @Option(names = "--list", description = "List the architectures with their size and work, and write nothing.")
    private boolean list;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Decides the weights. Default: 1.")
    private long seed;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "First dimension of the input. Default: 1.")
    private int batch;

    @Option(
            names = "--resolution",
            paramLabel = "PIXELS",
            description = "Height and width of the input. Default: what is usual for the architecture.")
    private @Nullable Integer resolution;

    @Mixin
    private JsonOption format = new JsonOption();

    /** What was written, for programs. */
    record Written(String name, String file, long bytes, long parameters, long multiplyAdds, List<Long> inputShape) {}

    /** A line of the list, for programs. */
    record Listed(String name, String description, long parameters, long multiplyAdds, List<Long> inputShape) {}

    @Override
    public ExitCode run(Terminal terminal) throws IOException {
        if (list) {
            return list(terminal);
        }
        if (name == null) {
            throw CommandException.usage("the name of an architecture is missing. Maybe see 'tandem zoo --list'.");
        }
        ZooModel model = named(name);
        Path file = output == null ? Path.of(name + ".onnx") : output;
        requireFolder(file);
        ZooReport report = model.write(file, options());
        if (format.isJson()) {
            terminal.json(new Written(
                    name,
                    file.toString(),
                    report.bytes(),
                    report.parameters(),
                    report.multiplyAdds(),
                    model.inputShape(options())));
        } else {
            terminal.line(file + ": " + Figures.bytes(report.bytes()) + ", " + Figures.count(report.parameters())
                    + " parameters, " + Figures.count(report.multiplyAdds()) + " multiply-adds, input "
                    + model.inputShape(options()));
        }
        return ExitCode.OK;
    }

    private ExitCode list(Terminal terminal) {
        TextTable table = TextTable.of("name", ">parameters", ">multiply-adds", "input", "what");
        for (ZooModel model : ZooModel.values()) {
            ZooCounts counts = model.count(ZooOptions.defaults());
            List<Long> shape = model.inputShape(ZooOptions.defaults());
            if (format.isJson()) {
                terminal.jsonLine(new Listed(
                        model.modelName(), model.description(), counts.parameters(), counts.multiplyAdds(), shape));
            }
            table.row(
                    model.modelName(),
                    Figures.count(counts.parameters()),
                    Figures.count(counts.multiplyAdds()),
                    shape.toString(),
                    model.description());
        }
        if (!format.isJson()) {
            table.print(terminal);
        }
        return ExitCode.OK;
    }

    private ZooOptions options() {
        ZooOptions options = ZooOptions.defaults().withSeed(seed).withBatch(batch);
        return resolution == null ? options : options.withResolution(resolution);
    }

    private static ZooModel named(String name) {
        return ZooModel.named(name)
                .orElseThrow(() -> CommandException.usage(
                        "no architecture '" + name + "'; there are " + String.join(", ", ZooModel.names()) + "."));
    }

    private static void requireFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw CommandException.usage("folder " + folder + " of --output must exist. Maybe make it first.");
        }
    }
}
