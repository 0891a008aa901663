package dev.tandem.deploy.launch;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.config.ClusterFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The archive that is copied to hosts.
 *
 * @param sha256 of its bytes, in hexadecimal
 */
record Distribution(Path archive, String sha256) {

    private static final int ID_DIGITS = 12;

    /**
     * The one that the file names, or that of the program in {@code home}: in a clone it is built into {@code target}, and
     * an unpacked one is looked for beside its folder.
     *
     * @throws IOException when there is none or it cannot be read
     */
    static Distribution of(ClusterFile file, Path home) throws IOException {
        String name = "tandem-" + BuildVersion.text() + ".tar.gz";
        List<Path> places = file.distribution()
                .map(List::of)
                .orElse(List.of(home.resolve("target").resolve(name), home.resolveSibling(name)));
        for (Path place : places) {
            if (Files.isRegularFile(place)) {
                return new Distribution(place, digest(place));
            }
        }
        String hint = file.distribution().isPresent()
                ? "It is the one that cluster.distribution names."
                : "Maybe build it: mvn -Pfast -Dassembly.skipAssembly=false package";
        throw new IOException("there is no distribution archive "
                + String.join(" nor ", places.stream().map(Path::toString).toList()) + ". " + hint);
    }

    /** Names the folder on the host, so that different builds of one version do not meet. */
    String id() {
        return BuildVersion.text() + "-" + sha256.substring(0, ID_DIGITS);
    }

    private static String digest(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(stream, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
