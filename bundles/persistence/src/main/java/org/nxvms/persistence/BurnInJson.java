// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.worker.Polygon;

/** What is burned into the pictures of an export as one JSON object, so that people can read the column too. */
final class BurnInJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NONE = "";

    private BurnInJson() {}

    static String write(BurnIn burnIn) {
        if (burnIn.isNone()) {
            return NONE;
        }
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("text", burnIn.text());
            json.writeBooleanField("time", burnIn.time());
            json.writeBooleanField("user", burnIn.user());
            json.writeStringField("zone", burnIn.zone().getId());
            json.writeArrayFieldStart("masks");
            for (BurnIn.Mask mask : burnIn.masks()) {
                json.writeStartObject();
                json.writeStringField("camera", mask.cameraId().toString());
                json.writeArrayFieldStart("points");
                for (Polygon.Point point : mask.area().points()) {
                    json.writeArray(new double[] {point.x(), point.y()}, 0, 2);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** @throws StoreException when it is none: nobody may see what a mask that cannot be read hides */
    static BurnIn read(String text) {
        if (text.equals(NONE)) {
            return BurnIn.NONE;
        }
        try (JsonParser json = JSON.createParser(text)) {
            require(json, json.nextToken(), JsonToken.START_OBJECT);
            String own = "";
            boolean time = false;
            boolean user = false;
            ZoneId zone = BurnIn.NONE.zone();
            List<BurnIn.Mask> masks = new ArrayList<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "text" -> own = json.getText();
                    case "time" -> time = json.getBooleanValue();
                    case "user" -> user = json.getBooleanValue();
                    case "zone" -> zone = ZoneId.of(json.getText());
                    case "masks" -> masks(json, masks);
                    default -> throw new JsonParseException(json, "a field " + name);
                }
            }
            return new BurnIn(own, time, user, zone, masks);
        } catch (IOException | IllegalArgumentException | DateTimeException unreadable) {
            throw new StoreException("What is burned into an export cannot be read from the database", unreadable);
        }
    }

    private static void masks(JsonParser json, List<BurnIn.Mask> masks) throws IOException {
        require(json, json.currentToken(), JsonToken.START_ARRAY);
        while (json.nextToken() == JsonToken.START_OBJECT) {
            String camera = "";
            List<Polygon.Point> points = new ArrayList<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("camera")) {
                    camera = json.getText();
                } else {
                    points(json, points);
                }
            }
            masks.add(new BurnIn.Mask(UUID.fromString(camera), new Polygon(points)));
        }
    }

    private static void points(JsonParser json, List<Polygon.Point> points) throws IOException {
        require(json, json.currentToken(), JsonToken.START_ARRAY);
        while (json.nextToken() == JsonToken.START_ARRAY) {
            json.nextToken();
            double x = json.getDoubleValue();
            json.nextToken();
            points.add(new Polygon.Point(x, json.getDoubleValue()));
            require(json, json.nextToken(), JsonToken.END_ARRAY);
        }
    }

    private static void require(JsonParser json, JsonToken is, JsonToken token) throws IOException {
        if (is != token) {
            throw new JsonParseException(json, "a form that is not known here");
        }
    }
}
