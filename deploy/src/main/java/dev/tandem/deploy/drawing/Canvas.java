package dev.tandem.deploy.drawing;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * A page that is drawn on and written as SVG. Texts stay texts; their widths are estimated, generously, since the reader's
 * fonts are not known. Used by one thread.
 */
final class Canvas {

    static final double SMALL = 10;
    static final double NORMAL = 12;
    static final double LARGE = 18;

    private static final String SVG = "http://www.w3.org/2000/svg";
    /** Of sans-serif fonts in wide use the widest, DejaVu Sans, has about so much for a letter of its size. */
    private static final double LETTER = 0.62;
    /** What it has in most of them, for texts that are not set from the left. */
    private static final double USUAL_LETTER = 0.54;

    private static final double ARROW = 4;

    private final SVGGraphics2D graphics;
    private double width;
    private double height;

    /** Where a text is set in relation to its place. */
    enum Anchor {
        LEFT,
        MIDDLE,
        RIGHT
    }

    Canvas() {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setPrecision(1);
        context.setComment("drawn by tandem plan --svg");
        graphics = new SVGGraphics2D(context, false);
    }

    /** How wide a text may be. */
    static double width(String text, double size) {
        return text.codePointCount(0, text.length()) * size * LETTER;
    }

    /** The text, or its beginning where there is no room for all of it. */
    static String fit(String text, double size, double room) {
        if (width(text, size) <= room) {
            return text;
        }
        int letters = (int) (room / size / LETTER) - 1;
        return letters < 1 ? "" : text.substring(0, Math.min(letters, text.length())) + "\u2026";
    }

    void text(String text, double x, double y, double size, Color color, Anchor anchor) {
        text(text, x, y, new Font(Font.SANS_SERIF, Font.PLAIN, (int) size), color, anchor);
    }

    void boldText(String text, double x, double y, double size) {
        text(text, x, y, new Font(Font.SANS_SERIF, Font.BOLD, (int) size), Ink.TEXT, Anchor.LEFT);
    }

    void fill(double x, double y, double wide, double high, Color color) {
        graphics.setPaint(color);
        graphics.fill(new Rectangle2D.Double(x, y, wide, high));
        extend(x + wide, y + high);
    }

    void frame(double x, double y, double wide, double high, Color color) {
        graphics.setPaint(color);
        graphics.setStroke(new BasicStroke(1));
        graphics.draw(new Rectangle2D.Double(x, y, wide, high));
        extend(x + wide, y + high);
    }

    void line(double fromX, double fromY, double toX, double toY, double thickness, Color color) {
        graphics.setPaint(color);
        graphics.setStroke(new BasicStroke((float) thickness));
        graphics.draw(new Line2D.Double(fromX, fromY, toX, toY));
        extend(Math.max(fromX, toX), Math.max(fromY, toY));
    }

    /** A level arrow. */
    void arrow(double fromX, double toX, double y, Color color) {
        double direction = Math.signum(toX - fromX);
        line(fromX, y, toX - direction * ARROW, y, 2, color);
        Path2D head = new Path2D.Double();
        head.moveTo(toX, y);
        head.lineTo(toX - direction * 2 * ARROW, y - ARROW);
        head.lineTo(toX - direction * 2 * ARROW, y + ARROW);
        head.closePath();
        graphics.fill(head);
    }

    /**
     * The page, as large as what was drawn and a margin.
     *
     * @param title what readers say of the picture
     */
    String svg(String title, double margin) throws IOException {
        int wide = (int) Math.ceil(width + margin);
        int high = (int) Math.ceil(height + margin);
        graphics.setSVGCanvasSize(new Dimension(wide, high));
        Element root = graphics.getRoot();
        root.setAttributeNS(null, "viewBox", "0 0 " + wide + " " + high);
        Element name = root.getOwnerDocument().createElementNS(SVG, "title");
        name.setTextContent(title);
        Element paper = root.getOwnerDocument().createElementNS(SVG, "rect");
        paper.setAttributeNS(null, "width", "100%");
        paper.setAttributeNS(null, "height", "100%");
        paper.setAttributeNS(null, "style", "fill:white;stroke:none");
        root.insertBefore(paper, root.getFirstChild());
        root.insertBefore(name, paper);
        StringWriter writer = new StringWriter();
        graphics.stream(root, writer, true, false);
        return writer.toString();
    }

    /** Writes a file whole or not at all, in place of one that may be there. */
    static void write(Path file, String content) throws IOException {
        Path whole = file.toAbsolutePath();
        Path part = whole.resolveSibling(
                "." + whole.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.writeString(part, content);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void text(String text, double x, double y, Font font, Color color, Anchor anchor) {
        double wide = text.codePointCount(0, text.length()) * font.getSize() * USUAL_LETTER;
        double left =
                switch (anchor) {
                    case LEFT -> x;
                    case MIDDLE -> x - wide / 2;
                    case RIGHT -> x - wide;
                };
        graphics.setPaint(color);
        graphics.setFont(font);
        graphics.drawString(text, (float) left, (float) y);
        extend(left + width(text, font.getSize()), y);
    }

    private void extend(double right, double bottom) {
        width = Math.max(width, right);
        height = Math.max(height, bottom);
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK has no XML parser", e);
        }
    }
}
