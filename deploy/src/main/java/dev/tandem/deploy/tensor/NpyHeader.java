package dev.tandem.deploy.tensor;

import dev.tandem.core.graph.ElementType;
import dev.tandem.core.graph.TensorSpec;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The dictionary at the start of a {@code .npy} file: element type, byte order, axis order and shape. */
record NpyHeader(ElementType type, ByteOrder order, List<Integer> shape) {

    private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([<>=|]?)([a-zA-Z]\\d+|\\?)'");
    private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\s\\dL,]*)\\)");

    private static final Map<String, ElementType> TYPES = Map.ofEntries(
            Map.entry("f4", ElementType.FLOAT),
            Map.entry("f2", ElementType.FLOAT16),
            Map.entry("f8", ElementType.DOUBLE),
            Map.entry("i1", ElementType.INT8),
            Map.entry("u1", ElementType.UINT8),
            Map.entry("i2", ElementType.INT16),
            Map.entry("u2", ElementType.UINT16),
            Map.entry("i4", ElementType.INT32),
            Map.entry("u4", ElementType.UINT32),
            Map.entry("i8", ElementType.INT64),
            Map.entry("u8", ElementType.UINT64),
            Map.entry("b1", ElementType.BOOL),
            Map.entry("?", ElementType.BOOL));

    NpyHeader {
        shape = List.copyOf(shape);
    }

    static NpyHeader parse(Path file, String text) {
        Matcher description = find(file, DESCRIPTION, text, "a plain element type");
        if (find(file, FORTRAN, text, "'fortran_order'").group(1).equals("True") && rank(file, text) > 1) {
            throw new TensorFileException(
                    file, "is in Fortran order, but must be in C order. Maybe save numpy.ascontiguousarray(array).");
        }
        ElementType type = TYPES.get(description.group(2));
        if (type == null) {
            throw new TensorFileException(
                    file,
                    "element type ('" + description.group(2) + "') must be one of "
                            + TYPES.keySet().stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        boolean big = description.group(1).equals(">");
        boolean own = description.group(1).equals("=");
        ByteOrder order = own ? ByteOrder.nativeOrder() : big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyHeader(type, order, shape(file, text));
    }

    /** The dictionary of a C-ordered file in native byte order. */
    static String text(TensorSpec spec) {
        String order = spec.type().bytes() == 1 ? "|" : ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "<" : ">";
        String shape = spec.shape().stream().map(extent -> extent + ",").collect(Collectors.joining(" "));
        return "{'descr': '" + order + code(spec.type()) + "', 'fortran_order': False, 'shape': ("
                + (spec.rank() > 1 ? shape.substring(0, shape.length() - 1) : shape) + "), }";
    }

    TensorSpec spec(String name) {
        return new TensorSpec(name, type, shape);
    }

    private static String code(ElementType type) {
        return switch (type) {
            case BOOL -> "b1";
            // NumPy has no bfloat16: the bits travel as they are.
            case BFLOAT16 -> "u2";
            default ->
                TYPES.entrySet().stream()
                        .filter(entry -> entry.getValue() == type)
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow();
        };
    }

    private static int rank(Path file, String text) {
        return shape(file, text).size();
    }

    private static List<Integer> shape(Path file, String text) {
        String extents = find(file, SHAPE, text, "'shape'").group(1);
        try {
            return Arrays.stream(extents.split(","))
                    .map(extent -> extent.replace("L", "").strip())
                    .filter(extent -> !extent.isEmpty())
                    .map(Integer::valueOf)
                    .toList();
        } catch (NumberFormatException e) {
            throw new TensorFileException(file, "shape (" + extents + ") must hold numbers below 2^31.", e);
        }
    }

    private static Matcher find(Path file, Pattern pattern, String text, String what) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new TensorFileException(file, "header must name " + what + ", but is " + text.strip());
        }
        return matcher;
    }
}
