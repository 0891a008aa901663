package dev.tandem.inference.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns ONNX Runtime's load errors into refusals that name operator and node. */
final class LoadErrors {
    private static final Pattern NODE = Pattern.compile("In Node, \\(\"([^\"]*)\", ([^,]*), \"([^\"]*)\"");
    private static final Pattern UNKNOWN_OPERATOR =
            Pattern.compile("No Op registered for (\\S+) with domain_version of (\\d+)");
    private static final Pattern UNKNOWN_FUNCTION = Pattern.compile("(\\S*):(\\S+?)\\(-?\\d+\\) is not a registered");
    private static final Pattern NO_KERNEL =
            Pattern.compile("implementation for (\\S+?)\\(\\d+\\) node with name '([^']*)'");
    private static final Pattern NO_IMPORT = Pattern.compile("No opset import for domain '?([^' ]*)'?");
    private static final Pattern PREFIX = Pattern.compile("^Error code - \\S+ - message: (/\\S+ .*?\\) )?");

    private LoadErrors() {}

    static ModelRefusedException translate(OnnxFile file, OrtException error) {
        String message = String.valueOf(error.getMessage());
        String what = unknownOperator(message)
                .or(() -> unknownFunction(file, message))
                .or(() -> noImport(message))
                .or(() -> noKernel(message))
                .orElseGet(() -> "cannot be loaded by ONNX Runtime: "
                        + PREFIX.matcher(message).replaceFirst("").strip() + ". Maybe export it again.");
        return new ModelRefusedException("model " + file.path() + " " + what, error);
    }

    private static Optional<String> unknownOperator(String message) {
        Matcher operator = UNKNOWN_OPERATOR.matcher(message);
        if (!operator.find()) {
            return Optional.empty();
        }
        return Optional.of("uses operator '" + operator.group(1) + "' in node '" + node(message) + "', which opset "
                + operator.group(2) + " does not have. Maybe export it with another opset_version.");
    }

    private static Optional<String> unknownFunction(OnnxFile file, String message) {
        Matcher function = UNKNOWN_FUNCTION.matcher(message);
        if (!function.find()) {
            return Optional.empty();
        }
        String node = file.model().getGraph().getNodeList().stream()
                .filter(candidate -> candidate.getOpType().equals(function.group(2)))
                .findFirst()
                .map(NodeProto::getName)
                .orElse("");
        return Optional.of("uses operator '" + function.group(2) + "' of domain '" + function.group(1) + "' in node '"
                + node + "', which ONNX Runtime does not have. Maybe export it with standard operators only.");
    }

    private static Optional<String> noImport(String message) {
        Matcher domain = NO_IMPORT.matcher(message);
        if (!domain.find()) {
            return Optional.empty();
        }
        Matcher node = NODE.matcher(message);
        String operator = node.find() ? node.group(2) : "";
        return Optional.of("uses operator '" + operator + "' in node '" + node(message) + "' of domain '"
                + domain.group(1) + "', which its opset imports do not list. Maybe export it again.");
    }

    private static Optional<String> noKernel(String message) {
        Matcher kernel = NO_KERNEL.matcher(message);
        if (!kernel.find()) {
            return Optional.empty();
        }
        return Optional.of("uses operator '" + kernel.group(1) + "' in node '" + kernel.group(2)
                + "' with element types that ONNX Runtime has no kernel for. Maybe convert it to float32.");
    }

    private static String node(String message) {
        Matcher node = NODE.matcher(message);
        return node.find() ? node.group(1) : "";
    }
}
