@NullMarked
package dev.linnet.controller.fetch;

import org.jspecify.annotations.NullMarked;
