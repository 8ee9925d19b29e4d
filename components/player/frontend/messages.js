// The messages between Python and the browser, field by field. Python's side is in message.py, surface.py,
// trajectory.py and widget.py; a test compares the two.

/** A packed array; see `unpack` in numbers.js.
 * @typedef {object} Packed
 * @property {"f4" | "f8"} dtype
 * @property {string} bdata  its numbers in base64, row by row
 * @property {string} shape  as in "80, 3"
 */

/** A number that moves with the frames, as a row [columns + 1], or one that stands still.
 * @typedef {Packed | number} Place
 */

/** @typedef {[number, number]} Point */
/** @typedef {[number, number]} Range */

/** What `player()` sends.
 * @typedef {object} PlayerMessage
 * @property {string} base  address of the folder that these files are served from
 * @property {"mount"} mount  the function of mount.js to call
 * @property {string} origin  differs for a server that has not seen this page before
 * @property {string} run  differs for every new run
 * @property {string} group  runs of one group leave each other behind as ghosts
 * @property {string} outcome  "running" while more frames may follow
 * @property {string} title  of pictures: the data and the settings
 * @property {number} total  the epoch up to which the run was to go
 * @property {Moving} height  what the run is to lower
 * @property {any} frames  Arrow table; see frames.js
 * @property {(Chart | Surface)[]} charts
 * @property {(string | Moving)[]} equation
 * @property {Table} table
 * @property {string} accent  a CSS colour
 * @property {boolean} branches  whether there is a button "Branch here"
 * @property {boolean} reports  whether `rested` is wanted
 * @property {Trajectory | null} trajectory
 * @property {string} ask  a new word presses "Branch here"
 * @property {string} chapter  another one, unless it is "", begins at rest
 * @property {number} opens  the epoch at which it does
 * @property {boolean} waits  whether nothing plays yet
 */

/** What `live_table()` sends.
 * @typedef {object} TableMessage
 * @property {string} base
 * @property {"mountTable"} mount
 * @property {Table} table
 */

/** What `live_sentence()` sends.
 * @typedef {object} SentenceMessage
 * @property {string} base
 * @property {"mountSentence"} mount
 * @property {Saying[]} sayings
 */

/** What `taken()` sends.
 * @typedef {object} TakenMessage
 * @property {string} base
 * @property {"mountTaken"} mount
 * @property {Report | null} report  to be printed
 */

/** The words of a report.
 * @typedef {object} Report
 * @property {string} id  another for each that was asked for
 * @property {string} title
 * @property {[string, string][]} parts  headings and words
 * @property {string[]} head  of the table of errors
 * @property {string[][]} rows
 * @property {string} code  address that draws the code of a `text`
 * @property {number} most  letters of it
 */

/** What `pins()` sends.
 * @typedef {object} PinsMessage
 * @property {string} base
 * @property {"mountPins"} mount
 * @property {any} frames  one Arrow table with the frames of all runs, one run after another
 * @property {Pinned[]} runs
 */

/**
 * @typedef {object} StopsMessage
 * @property {string} base
 * @property {"mountStops"} mount
 * @property {Record<string, string | string[]>} page  what a stop keeps of the page that is shown
 * @property {string} went  the last one that was answered
 */

/** What the browser sends back: the names of the component's triggers, and the value of each.
 * @typedef {object} Replies
 * @property {true} paused
 * @property {true} played
 * @property {true} asked  for the words of a report
 * @property {number} branched  the epoch shown
 * @property {number} rested  the epoch shown
 * @property {[number, number, boolean]} started  x, y, and whether the pointer has let go
 * @property {[Range, Range]} zoomed  along x and y
 * @property {string} went  a query: the page of a stop
 */

/** @typedef {<Name extends keyof Replies>(name: Name, value: Replies[Name]) => void} Tell */

/**
 * @typedef {object} Moving
 * @property {"Moving"} kind
 * @property {Packed} row
 * @property {boolean} sign
 * @property {boolean} strong
 * @property {string} name
 */

/**
 * @typedef {object} Likeness
 * @property {"Likeness"} kind
 * @property {Packed} row
 * @property {number} value
 * @property {string} alike
 * @property {string} unlike  with "{}" for the value
 */

/**
 * @typedef {object} Countdown
 * @property {"Countdown"} kind
 * @property {number} until
 */

/**
 * @typedef {object} Saying
 * @property {"Saying"} kind
 * @property {number} since
 * @property {string} heading
 * @property {(string | Moving | Likeness | Countdown)[]} parts
 * @property {boolean} alarming
 */

/**
 * @typedef {object} Table
 * @property {"Table"} kind
 * @property {string[]} head
 * @property {(string | number | Moving)[][]} rows
 */

/**
 * @typedef {object} Chart
 * @property {"Chart"} kind
 * @property {string} name
 * @property {string} title
 * @property {string} note
 * @property {string} alt
 * @property {Figure} figure
 * @property {AnyMark[]} marks
 * @property {boolean} opens  whether the vertical axis opens for marks that leave it
 * @property {Ends | null} ends
 * @property {Sketch | null} sketch
 */

/**
 * @typedef {object} Surface
 * @property {"Surface"} kind
 * @property {string} name
 * @property {string} title
 * @property {string} note
 * @property {string} alt
 * @property {Figure} figure  its first trace a contour plot without numbers
 * @property {AnyMark[]} marks  the first is the path
 * @property {boolean} opens
 * @property {Ends | null} ends
 * @property {Sketch | null} sketch
 * @property {Quadratic | Grid} heights
 * @property {boolean} in_3d
 * @property {boolean} logarithmic
 */

/** A Plotly figure.
 * @typedef {{ data: any[], layout: any }} Figure
 */

/** @typedef {Trail | Line | Points | Predictions | Segments | Squares | Curve | Arrow} AnyMark */

/**
 * @typedef {object} Trail
 * @property {"Trail"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed | "epoch"} x
 * @property {Packed} y
 * @property {string} hover  Plotly's template, whose customdata is the epoch
 */

/**
 * @typedef {object} Line
 * @property {"Line"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed} x  [m]
 * @property {Packed} y  [m, columns + 1]
 */

/**
 * @typedef {object} Points
 * @property {"Points"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed} x  [m]
 * @property {Packed} y  [m, columns + 1]
 */

/**
 * @typedef {object} Predictions
 * @property {"Predictions"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed} x  [m]
 * @property {Packed} y  [m, columns + 1]
 * @property {Packed} actual  [m]
 * @property {string[]} labels  [m] in Plotly's HTML
 * @property {number} radius
 * @property {boolean} hollow
 */

/**
 * @typedef {object} Segments
 * @property {"Segments"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed} x  [m]
 * @property {Packed} y  [m, columns + 1]
 * @property {Packed} origin  [m]
 */

/**
 * @typedef {object} Squares
 * @property {"Squares"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed} x  [m]
 * @property {Packed} y  [m, columns + 1]
 * @property {Packed} origin  [m]
 */

/**
 * @typedef {object} Ends
 * @property {"Ends"} kind
 * @property {Packed} x  [2]
 * @property {Packed} y  [2, columns + 1]
 * @property {Packed} start  [2, 3]
 * @property {string[]} labels  [2]
 */

/**
 * @typedef {object} Sketch
 * @property {"Sketch"} kind
 * @property {Point} begin
 * @property {number[]} x  [m]
 * @property {(number | null)[]} y  [m]
 * @property {string[]} labels  [m]
 * @property {string} color
 * @property {boolean} open  whether it can be changed
 */

/** Begins the next run at a point; `done` once the hand has let go, and then it `rests` at its first frame.
 * @typedef {(point: Point, done: boolean, rests?: boolean) => void} Start
 */

/**
 * @typedef {object} PiecewiseSlope
 * @property {"PiecewiseSlope"} kind
 * @property {Packed} rows  [m, columns + 1]
 * @property {Packed} growth  [m]
 * @property {Packed} breakpoints  [k], ascending
 * @property {Packed} slopes  [k]
 */

/**
 * @typedef {object} Curve
 * @property {"Curve"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed} x  [m]; empty for the part up to the next frame's place
 * @property {Packed} place
 * @property {Packed} height
 * @property {Packed} slope
 * @property {number} curvature
 * @property {PiecewiseSlope[]} piecewise
 * @property {boolean} straight
 * @property {number} rate  what the slope is multiplied by to give the step back; 0 if nothing is
 */

/**
 * @typedef {object} Arrow
 * @property {"Arrow"} kind
 * @property {string} name
 * @property {string} color
 * @property {Packed} x
 * @property {Packed} y
 * @property {[Packed, Packed] | null} by
 * @property {boolean} each  whether `by` holds columns [frames] rather than rows
 */

/**
 * @typedef {object} Quadratic
 * @property {"Quadratic"} kind
 * @property {[Place, Place]} at
 * @property {Place} value
 * @property {[Place, Place]} slope
 * @property {[number, number, number]} hessian  xx, xy, yy
 * @property {[number, number]} kinks
 */

/**
 * @typedef {object} Grid
 * @property {"Grid"} kind
 * @property {Packed} x  [m]
 * @property {Packed} y  [n]
 * @property {Packed} z  [n, m]
 */

/**
 * @typedef {object} Trajectory
 * @property {"Trajectory"} kind
 * @property {Point} at
 * @property {Packed} begin  [c, 3]
 * @property {Packed} fixed_point  [c]
 * @property {Packed} modes  [c, c]
 * @property {Packed} curvatures  [c]
 * @property {number} value
 * @property {number} dial_value
 * @property {[number, number]} first
 * @property {[number, number]} trace
 * @property {[number, number]} determinant
 * @property {number} length
 * @property {number} max_growth
 * @property {[number, number]} min_change
 * @property {string} dial
 */

/**
 * @typedef {object} Pinned
 * @property {string} name
 * @property {string} label
 * @property {string} color
 * @property {number} length  of its frames
 * @property {string[]} marks  names of the marks to draw
 */

export {}
