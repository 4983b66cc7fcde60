@NullMarked
package dev.linnet.gateway.exchange;

import org.jspecify.annotations.NullMarked;
