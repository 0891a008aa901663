package dev.tandem.inference.zoo;

/** Element-wise functions as exporters write them: one operator where opset 17 has one, else its usual decomposition. */
enum Activation {
    IDENTITY("identity"),
    RELU("relu"),
    RELU6("relu"),
    SWISH("swish"),
    HARD_SWISH("hardswish"),
    SIGMOID("sigmoid"),
    HARD_SIGMOID("hardsigmoid"),
    GELU("gelu");

    private final String label;

    Activation(String label) {
        this.label = label;
    }

    /** The last part of the node's name. */
    String label() {
        return label;
    }

    Value apply(GraphBuilder graph, String node, Value in) {
        Value out = in.withTensor(node).withMoments(in.moments().after(this::valueAt));
        switch (this) {
            case IDENTITY -> {
                return in;
            }
            case RELU -> graph.node("Relu", out, in.tensor());
            case RELU6 -> graph.node("Clip", out, in.tensor(), graph.constant(0f), graph.constant(6f));
            case HARD_SWISH -> graph.node("HardSwish", out, in.tensor());
            case SIGMOID -> graph.node("Sigmoid", out, in.tensor());
            case HARD_SIGMOID ->
                graph.node("HardSigmoid", out, in.tensor())
                        .addAttribute(Attributes.real("alpha", 1f / 6))
                        .addAttribute(Attributes.real("beta", 0.5f));
            case SWISH -> swish(graph, in, out);
            case GELU -> gelu(graph, in, out);
        }
        return out;
    }

    private static void swish(GraphBuilder graph, Value in, Value out) {
        Value sigmoid = SIGMOID.apply(graph, out.tensor() + ".sigmoid", in);
        graph.node("Mul", out, in.tensor(), sigmoid.tensor());
    }

    /** x · (1 + erf(x / √2)) / 2 (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
    private static void gelu(GraphBuilder graph, Value in, Value out) {
        String name = out.tensor();
        Value quotient = out.withTensor(name + ".div");
        graph.node("Div", quotient, in.tensor(), graph.constant((float) Math.sqrt(2)));
        Value error = out.withTensor(name + ".erf");
        graph.node("Erf", error, quotient.tensor());
        Value sum = out.withTensor(name + ".add");
        graph.node("Add", sum, error.tensor(), graph.constant(1f));
        Value product = out.withTensor(name + ".mul");
        graph.node("Mul", product, in.tensor(), sum.tensor());
        graph.node("Mul", out, product.tensor(), graph.constant(0.5f));
    }

    /** For expectations only; GELU's error function is replaced by its logistic approximation, off by less than 0.03. */
    private double valueAt(double x) {
        return switch (this) {
            case IDENTITY -> x;
            case RELU -> Math.max(x, 0);
            case RELU6 -> clamp(x, 0, 6);
            case SWISH -> x * logistic(x);
            case HARD_SWISH -> x * clamp(x / 6 + 0.5, 0, 1);
            case SIGMOID -> logistic(x);
            case HARD_SIGMOID -> clamp(x / 6 + 0.5, 0, 1);
            case GELU -> x * logistic(1.702 * x);
        };
    }

    private static double logistic(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    private static double clamp(double x, double low, double high) {
        return Math.max(low, Math.min(high, x));
    }
}
