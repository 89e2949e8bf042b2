// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What one document of metadata says (Analytics 5): objects and where something moves. Elements are found by their local
 * names, as devices write them; without document types, bounded. A document may have frames of several modules, and of several
 * moments: all that is in one of them counts, of an object that is in several the last.
 *
 * @param frame whether it says anything about the picture
 * @param moves what encloses the cells in which something moves
 */
record SceneDocument(boolean frame, List<Seen> objects, Optional<Box> moves) {
    static final SceneDocument NOTHING = new SceneDocument(false, List.of(), Optional.empty());

    private static final int ELEMENTS_MAX = 5_000;
    private static final int DEPTH_MAX = 32;
    private static final int OBJECTS_MAX = 100;
    private static final int TEXT_MAX = 100;
    private static final int CELLS_CHARS_MAX = 20_000;
    private static final String NUMBER = "[-+]?\\d{0,9}(\\.\\d{0,20})?([eE][-+]?\\d{1,2})?";

    /**
     * An object in the picture.
     *
     * @param type in lower case, as the device says it; may be empty
     */
    record Seen(String type, Optional<Box> box) {}

    /** {@return what a document says; nothing for what is none, or too much of one} */
    static SceneDocument parse(byte[] xml) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            return new Reading(factory.createXMLStreamReader(new ByteArrayInputStream(xml))).all();
        } catch (XMLStreamException | RuntimeException noDocument) {
            // The JDK's parser answers some broken documents with exceptions of other kinds.
            return NOTHING;
        }
    }

    /** One pass over a document. */
    private static final class Reading {
        private final XMLStreamReader in;
        private final List<String> open = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private boolean frame;
        /** By the module that tells of it and its number there. */
        private final Map<String, Seen> objects = new LinkedHashMap<>();

        private Optional<Box> moves = Optional.empty();
        private String source = "";
        private String object = "";
        private int inFrame;
        private String type = "";
        private double likelihood;
        private String candidate = "";
        private double candidateLikelihood;
        private Optional<double[]> rectangle = Optional.empty();
        private double scaleX = 1;
        private double scaleY = 1;
        private double shiftX;
        private double shiftY;

        Reading(XMLStreamReader in) {
            this.in = in;
        }

        SceneDocument all() throws XMLStreamException {
            int elements = 0;
            while (in.hasNext()) {
                switch (in.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (++elements > ELEMENTS_MAX || open.size() == DEPTH_MAX) {
                            return NOTHING;
                        }
                        open.add(in.getLocalName());
                        text.setLength(0);
                        begins(in.getLocalName());
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        ends(open.remove(open.size() - 1));
                        text.setLength(0);
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                        if (text.length() < TEXT_MAX) {
                            text.append(in.getText());
                        }
                    }
                    default -> {}
                }
            }
            return new SceneDocument(frame, List.copyOf(objects.values()), moves);
        }

        private void begins(String name) {
            switch (name) {
                case "Frame" -> {
                    frame = true;
                    source = attribute("Source");
                    inFrame = 0;
                    scaleX = 1;
                    scaleY = 1;
                    shiftX = 0;
                    shiftY = 0;
                }
                case "Object" -> {
                    String id = attribute("ObjectId");
                    // Those without a number are told apart by their place.
                    object = source + "/" + (id.isEmpty() ? "place " + inFrame : id);
                    inFrame++;
                    type = "";
                    likelihood = -1;
                    rectangle = Optional.empty();
                }
                case "ClassCandidate", "Type" -> {
                    candidate = "";
                    candidateLikelihood = number("Likelihood", 1);
                }
                case "Translate" -> {
                    if (!open.contains("Object")) {
                        shiftX = number("x", 0);
                        shiftY = number("y", 0);
                    }
                }
                case "Scale" -> {
                    if (!open.contains("Object")) {
                        scaleX = number("x", 1);
                        scaleY = number("y", 1);
                    }
                }
                case "BoundingBox" ->
                    rectangle = Optional.of(new double[] {
                        number("left", Double.NaN),
                        number("top", Double.NaN),
                        number("right", Double.NaN),
                        number("bottom", Double.NaN)
                    });
                case "MotionInCells" -> {
                    String cells = attribute("Cells");
                    if (cells.length() <= CELLS_CHARS_MAX) {
                        moves = MotionCells.enclosing((int) number("Columns", 0), (int) number("Rows", 0), cells)
                                .or(() -> moves);
                    }
                }
                default -> {}
            }
        }

        private void ends(String name) {
            boolean isOfACandidate = open.contains("ClassCandidate");
            if (name.equals("Type") && open.contains("Class") && open.contains("Object")) {
                candidate = text.toString().strip().toLowerCase(Locale.ROOT);
                if (!isOfACandidate) {
                    takeLikelier();
                }
            } else if (name.equals("Likelihood") && isOfACandidate) {
                candidateLikelihood = parsed(text.toString().strip(), candidateLikelihood);
            } else if (name.equals("ClassCandidate")) {
                takeLikelier();
            } else if (name.equals("Object") && (objects.size() < OBJECTS_MAX || objects.containsKey(object))) {
                objects.put(object, new Seen(type, rectangle.flatMap(this::box)));
            }
        }

        /** Of the kinds that an object may be, the likeliest counts, of equal ones the first. */
        private void takeLikelier() {
            if (!candidate.isEmpty() && candidateLikelihood > likelihood) {
                type = candidate;
                likelihood = candidateLikelihood;
            }
        }

        /** In the coordinates of the picture: those of the device, moved as the frame says (Analytics 5.3.2). */
        private Optional<Box> box(double[] told) {
            Box box = Box.of(
                    told[0] * scaleX + shiftX,
                    told[1] * scaleY + shiftY,
                    told[2] * scaleX + shiftX,
                    told[3] * scaleY + shiftY);
            return box.width() > 0 && box.height() > 0 ? Optional.of(box) : Optional.empty();
        }

        private String attribute(String name) {
            for (int i = 0; i < in.getAttributeCount(); i++) {
                if (in.getAttributeLocalName(i).equals(name)) {
                    return in.getAttributeValue(i).strip();
                }
            }
            return "";
        }

        private double number(String name, double otherwise) {
            return parsed(attribute(name), otherwise);
        }

        private static double parsed(String value, double otherwise) {
            return value.matches(NUMBER) && value.matches(".*\\d.*") ? Double.parseDouble(value) : otherwise;
        }
    }
}
