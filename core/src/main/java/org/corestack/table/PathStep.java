package org.corestack.table;

import org.corestack.document.FieldPath;

/** One step on the way to a field, as the user gave it. */
sealed interface PathStep {
    /**
     * By a getter of the type reached so far.
     *
     * @param type the simple name of the class the getter was named with, for messages
     * @param method the getter's name
     */
    record ByAccessor(String type, String method) implements PathStep {
        @Override
        public String toString() {
            return type + "::" + method;
        }
    }

    /**
     * By name, whether the type has it or not.
     *
     * @param path the name or names as they stand in documents
     * @param type the class of the values there, a primitive's wrapper
     */
    record ByName(FieldPath path, Class<?> type) implements PathStep {
        @Override
        public String toString() {
            return path.toString();
        }
    }
}
