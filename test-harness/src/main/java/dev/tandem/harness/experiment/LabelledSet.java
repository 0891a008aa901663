package dev.tandem.harness.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Pictures with the class that each shows. */
final class LabelledSet {

    /** One picture. */
    record Labelled(Path picture, int label) {}

    private LabelledSet() {}

    /**
     * Reads a folder whose table has a line per picture: file name, class, and whatever follows, with tabs between.
     *
     * @param limit pictures to take, evenly spread over the table
     */
    static List<Labelled> folder(Path folder, String table, int limit) throws IOException {
        List<String> lines = spread(Files.readAllLines(folder.resolve(table)), limit);
        return lines.stream()
                .map(line -> line.split("\t", -1))
                .map(fields -> new Labelled(folder.resolve(fields[0]), Integer.parseInt(fields[1])))
                .toList();
    }

    /** The same for a ZIP archive; the pictures taken are unpacked into {@code target}. */
    static List<Labelled> archive(Path archive, Path target, int limit) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry table = zip.stream()
                    .filter(entry -> entry.getName().endsWith("labels.tsv"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(archive + " holds no labels.tsv"));
            String root = table.getName().substring(0, table.getName().length() - "labels.tsv".length());
            List<Labelled> pictures = new ArrayList<>();
            for (String line : spread(lines(zip, table), limit)) {
                String[] fields = line.split("\t", -1);
                Path picture = target.resolve(pictures.size() + ".jpg");
                try (InputStream in = zip.getInputStream(zip.getEntry(root + fields[0]))) {
                    Files.copy(in, picture);
                }
                pictures.add(new Labelled(picture, Integer.parseInt(fields[1])));
            }
            return List.copyOf(pictures);
        }
    }

    private static List<String> lines(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<String> spread(List<String> lines, int limit) {
        List<String> taken = new ArrayList<>();
        int count = Math.min(limit, lines.size());
        for (int index = 0; index < count; index++) {
            taken.add(lines.get((int) ((long) index * lines.size() / count)));
        }
        return taken;
    }
}
