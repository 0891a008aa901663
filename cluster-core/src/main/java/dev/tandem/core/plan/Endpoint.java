package dev.tandem.core.plan;

/** An end of an edge: a shard of a stage, or the gateway, which gives the model inputs and takes its outputs. */
public record Endpoint(int stage, int shard) {

    public static final Endpoint GATEWAY = new Endpoint(-1, 0);

    public boolean isGateway() {
        return stage < 0;
    }

    @Override
    public String toString() {
        return isGateway() ? "gateway" : stage + "." + shard;
    }
}
