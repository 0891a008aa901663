package dev.tandem.deploy.cli;

import dev.tandem.deploy.wiring.FoldCache;
import dev.tandem.inference.onnx.DividedLayer;
import dev.tandem.inference.onnx.FoldReport;
import dev.tandem.inference.onnx.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how a model is made and where it can be divided. */
@CommandLine.Command(
        name = "graph",
        header = "Show how a model is made and where it can be divided.",
        description = {
            "",
            "Shows the layers of a model after folding, with shapes, multiply-adds and bytes; the places where it can be"
                    + " cut, with the bytes that cross; and which segments can be divided along the rows of the image,"
                    + " and why others cannot.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tandem graph model.onnx",
            "  tandem graph model.onnx --dim batch=1 --dim height=224 --gain",
            "  tandem graph model.onnx --json | jq '.cuts | min_by(.bytes)'",
            "  tandem graph model.onnx --json > model.json     # for tandem plan --graph model.json"
        })
public final class GraphCommand implements Command {

    private static final int GAIN_RUNS = 11;
    private static final int GAIN_THREADS = 1;

    @Mixin
    private ModelArgument model = new ModelArgument();

    @Option(
            names = "--gain",
            description = "Measure how much faster the folded model is than the model as it came (one thread).")
    private boolean gain;

    @Mixin
    private JsonOption format = new JsonOption();

    @Override
    public ExitCode run(Terminal terminal) throws IOException {
        Path file = model.file();
        ModelPackage folded = FoldCache.fold(file, model.dimensions());
        Optional<FoldReport> report =
                gain ? Optional.of(FoldReport.measure(file, folded, GAIN_RUNS, GAIN_THREADS)) : Optional.empty();
        GraphView view = GraphView.of(folded.graph(), DividedLayer.of(folded), report.orElse(null));
        if (format.isJson()) {
            terminal.json(view.json(folded.graph()));
        } else {
            view.print(terminal);
        }
        return ExitCode.OK;
    }
}
