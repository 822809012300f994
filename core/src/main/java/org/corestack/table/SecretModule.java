package org.corestack.table;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;

/** Has Jackson write a sign instead of the values of properties that are {@link Secret}. */
final class SecretModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    /** What stands for a value that must not be seen. */
    static final String HIDDEN = "<hidden>";

    SecretModule() {
        super("corestack-secrets");
        setSerializerModifier(new Hiding());
    }

    private static final class Hiding extends ValueSerializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config, BeanDescription.Supplier type, List<BeanPropertyWriter> properties) {
            List<BeanPropertyWriter> changed = new ArrayList<>();
            for (BeanPropertyWriter property : properties) {
                changed.add(property.getAnnotation(Secret.class) == null ? property : new Hidden(property));
            }
            return changed;
        }
    }

    private static final class Hidden extends BeanPropertyWriter {
        private static final long serialVersionUID = 1L;

        Hidden(BeanPropertyWriter property) {
            super(property);
        }

        @Override
        public void serializeAsProperty(Object bean, JsonGenerator out, SerializationContext context) throws Exception {
            if (get(bean) != null) {
                out.writeName(getName());
                out.writeString(HIDDEN);
            }
        }
    }
}
