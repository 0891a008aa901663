package dev.tandem.inference.graph;

import dev.tandem.core.graph.AxisGeometry;
import dev.tandem.core.graph.AxisGeometry.Groups;
import dev.tandem.core.graph.AxisGeometry.Join;
import dev.tandem.core.graph.AxisGeometry.Join.Piece;
import dev.tandem.core.graph.AxisGeometry.Split;
import dev.tandem.core.graph.Layer;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.region.Axis;
import dev.tandem.core.region.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the groups, joins and splits that somebody wrote of a layer are those of the tensors that it reads and writes. */
final class GeometryChecks {

    private final String subject;
    private final Layer layer;
    private final Map<String, TensorSpec> tensors;
    private final List<String> problems = new ArrayList<>();

    private GeometryChecks(String subject, Layer layer, Map<String, TensorSpec> tensors) {
        this.subject = subject;
        this.layer = layer;
        this.tensors = tensors;
    }

    /** All that does not fit; tensors that are not described count as fitting. */
    static List<String> problems(String subject, Layer layer, Map<String, TensorSpec> tensors) {
        GeometryChecks checks = new GeometryChecks(subject, layer, tensors);
        layer.geometry().forEach(checks::check);
        return checks.problems;
    }

    private void check(Axis axis, AxisGeometry geometry) {
        if (geometry instanceof Groups groups) {
            checkGroups(axis, groups);
        } else if (geometry instanceof Join join) {
            checkJoin(axis, join);
        } else if (geometry instanceof Split split) {
            checkSplit(axis, split);
        }
    }

    private void checkGroups(Axis axis, Groups groups) {
        layer.inputs().forEach(input -> demandGroups(axis, groups.count(), groups.read(), "read", input));
        layer.outputs().forEach(output -> demandGroups(axis, groups.count(), groups.written(), "written", output));
    }

    private void demandGroups(Axis axis, int count, int size, String member, String tensor) {
        long all = (long) count * size;
        extent(axis, tensor)
                .filter(extent -> extent != all)
                .ifPresent(extent -> problems.add(subject + " has " + count + " groups along " + axis.words() + " with "
                        + member + " " + size + ", together " + all + ", expected " + extent + " as tensor '" + tensor
                        + "' has. Maybe correct 'count' or '" + member + "'."));
    }

    private void checkJoin(Axis axis, Join join) {
        join.pieces().forEach(piece -> checkPiece(axis, piece));
        int end = join.pieces().isEmpty()
                ? 0
                : join.pieces().get(join.pieces().size() - 1).outputs().to();
        for (String output : layer.outputs()) {
            extent(axis, output)
                    .filter(extent -> extent != end)
                    .ifPresent(extent -> problems.add(subject + " joins pieces along " + axis.words() + " up to " + end
                            + ", expected " + extent + " as tensor '" + output
                            + "' has. Maybe a piece is missing, or one too many."));
        }
    }

    private void checkPiece(Axis axis, Piece piece) {
        int operands = layer.inputs().size();
        if (piece.operand() < 0 || piece.operand() >= operands) {
            problems.add(subject + " joins operand " + piece.operand() + " along " + axis.words()
                    + ", expected at least 0 and less than " + operands
                    + ", the number of its inputs. Maybe count from 0.");
            return;
        }
        String tensor = layer.inputs().get(piece.operand());
        extent(axis, tensor)
                .filter(extent -> extent != piece.outputs().length())
                .ifPresent(extent -> problems.add(subject + " joins operand " + piece.operand() + " along "
                        + axis.words() + " as " + piece.outputs() + ", expected a piece of " + extent + " as tensor '"
                        + tensor + "' has. Maybe make the piece as long as the tensor."));
    }

    private void checkSplit(Axis axis, Split split) {
        if (split.pieces().size() != layer.outputs().size()) {
            problems.add(subject + " splits " + split.pieces().size() + " pieces along " + axis.words()
                    + ", expected " + layer.outputs().size()
                    + ", the number of its outputs. Maybe a piece is missing, or one too many.");
            return;
        }
        for (int result = 0; result < split.pieces().size(); result++) {
            Interval piece = split.pieces().get(result);
            String tensor = layer.outputs().get(result);
            extent(axis, tensor)
                    .filter(extent -> extent != piece.length())
                    .ifPresent(extent -> problems.add(subject + " splits " + piece + " along " + axis.words()
                            + " for tensor '" + tensor + "', expected a piece of " + extent
                            + " as that has. Maybe make the piece as long as the tensor."));
        }
        for (String input : layer.inputs()) {
            extent(axis, input)
                    .filter(extent -> extent != split.extent())
                    .ifPresent(extent -> problems.add(subject + " splits " + split.extent() + " along " + axis.words()
                            + ", expected " + extent + " as tensor '" + input
                            + "' has. Maybe a piece is missing, or one too many."));
        }
    }

    /** Of a described tensor; 1 of one that has no such axis. */
    private Optional<Integer> extent(Axis axis, String tensor) {
        return Optional.ofNullable(tensors.get(tensor))
                .map(spec -> spec.rank() > axis.dimension() ? spec.shape().get(axis.dimension()) : 1);
    }
}
