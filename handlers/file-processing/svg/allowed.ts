const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/**
 * Elements of SVG that draw, and those they need. What is not here goes, with all it holds: scripts, foreign objects,
 * animations (which can set a link), and whatever comes later.
 */
export const ELEMENTS = words(`
  svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath image style
  linearGradient radialGradient stop pattern clipPath mask marker filter
  feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
  feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology
  feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence
`);

/** Elements that go while what they hold stays. */
export const UNWRAPPED = words('a switch');

/** Attributes: geometry, and how things look. Handlers of events are none of them. */
export const ATTRIBUTES = words(`
  id class style version viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points
  transform href dx dy rotate textLength lengthAdjust startOffset method spacing pathLength offset
  fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
  stroke-dasharray stroke-dashoffset color opacity visibility display overflow clip clip-path clip-rule mask filter
  stop-color stop-opacity paint-order vector-effect shape-rendering text-rendering image-rendering mix-blend-mode
  isolation font-family font-size font-style font-weight font-variant font-stretch letter-spacing word-spacing
  text-anchor text-decoration dominant-baseline alignment-baseline baseline-shift writing-mode direction
  gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits
  maskUnits maskContentUnits mask-type markerUnits markerWidth markerHeight refX refY orient marker-start marker-mid
  marker-end filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent
  operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale
  diffuseConstant specularConstant specularExponent lighting-color azimuth elevation limitingConeAngle pointsAtX
  pointsAtY pointsAtZ scale xChannelSelector yChannelSelector flood-color flood-opacity color-interpolation
  color-interpolation-filters stdDeviation radius baseFrequency numOctaves seed stitchTiles
`);
