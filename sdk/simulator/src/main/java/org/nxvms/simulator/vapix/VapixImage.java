// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The parameters that make the picture: what each takes, and {@code action=listdefinitions}, which tells it in XML. */
final class VapixImage {
    private static final String SOURCE = "ImageSource.I0.";

    /**
     * What a parameter takes.
     *
     * @param choices empty for a whole number of {@code min..max}
     */
    private record Definition(String preset, List<String> choices, int min, int max) {
        boolean takes(String value) {
            return choices.isEmpty()
                    ? value.matches("\\d{1,7}") && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max
                    : choices.contains(value);
        }

        private String type() {
            if (choices.isEmpty()) {
                return "<int min=\"" + min + "\" max=\"" + max + "\"/>";
            }
            StringBuilder entries = new StringBuilder("<enum>");
            choices.forEach(choice -> entries.append("<entry value=\"")
                    .append(choice)
                    .append("\" niceValue=\"")
                    .append(choice)
                    .append("\"/>"));
            return entries.append("</enum>").toString();
        }
    }

    private static final Map<String, Definition> DEFINITIONS = definitions();

    private VapixImage() {}

    private static Map<String, Definition> definitions() {
        Map<String, Definition> all = new LinkedHashMap<>();
        for (String percent : List.of("Brightness", "ColorLevel", "Contrast", "Sharpness")) {
            all.put(SOURCE + "Sensor." + percent, number("50", 0, 100));
        }
        all.put(SOURCE + "Sensor.Exposure", choice("auto", "auto", "flickerfree50", "flickerfree60", "hold"));
        all.put(SOURCE + "Sensor.ExposureValue", number("50", 0, 100));
        all.put(SOURCE + "Sensor.WDR", choice("on", "on", "off"));
        all.put(SOURCE + "DayNight.IrCutFilter", choice("auto", "yes", "no", "auto"));
        return all;
    }

    private static Definition number(String preset, int min, int max) {
        return new Definition(preset, List.of(), min, max);
    }

    private static Definition choice(String preset, String... choices) {
        return new Definition(preset, List.of(choices), 0, 0);
    }

    /** {@return every parameter with the value it has from the factory} */
    static Map<String, String> presets() {
        Map<String, String> presets = new LinkedHashMap<>();
        DEFINITIONS.forEach((name, definition) -> presets.put(name, definition.preset()));
        return presets;
    }

    /** {@return whether a parameter is one of the picture's and takes this value} */
    static boolean takes(String name, String value) {
        Definition definition = DEFINITIONS.get(name);
        return definition != null && definition.takes(value);
    }

    /** {@return the definitions of what is in {@code ImageSource.I0}, with the values of now} */
    static String xml(UnaryOperator<String> values) {
        StringBuilder xml = new StringBuilder(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <parameterDefinitions xmlns="http://www.axis.com/ParameterDefinitionsSchema" version="1.0">
                <model>%s</model><firmwareVersion>%s</firmwareVersion>
                <group name="root"><group name="ImageSource"><group name="I0">
                """
                        .formatted(VapixParameters.MODEL, VapixParameters.FIRMWARE));
        for (String group : List.of("Sensor", "DayNight")) {
            xml.append("<group name=\"").append(group).append("\">\n");
            DEFINITIONS.forEach((name, definition) -> {
                if (name.startsWith(SOURCE + group + ".")) {
                    String last = name.substring(name.lastIndexOf('.') + 1);
                    xml.append("<parameter name=\"").append(last);
                    xml.append("\" value=\"").append(values.apply(name));
                    xml.append("\" securityLevel=\"6744\" niceName=\"")
                            .append(last)
                            .append("\"><type>");
                    xml.append(definition.type()).append("</type></parameter>\n");
                }
            });
            xml.append("</group>\n");
        }
        return xml.append("</group></group></group></parameterDefinitions>\n").toString();
    }
}
