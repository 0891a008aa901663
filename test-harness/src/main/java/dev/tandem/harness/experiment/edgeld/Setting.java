package dev.tandem.harness.experiment.edgeld;

/**
 * A network on a cluster.
 *
 * @param rates of the followers, in words
 * @param network Mbit/s of the followers' links, in words
 */
public record Setting(String model, String rates, String network, int followers) {

    @Override
    public String toString() {
        return model + ", " + followers + " followers, rates " + rates + ", " + network + " Mbit/s";
    }

    boolean differsInFollowersOnly(Setting other) {
        return new Setting(other.model, other.rates, other.network, followers).equals(this);
    }
}
