// What the partnership's paper said of 2017-18, wrong figures included, by the labels of the pages.
//
// A string is typed into the box with that label. A pair is a ratio: so many of so many, in the group with that label.

const STORY = "The project did what it set out to do.";
const CASE = "One household moved on and lives in safety.";

/** By project, in the order of the task list. */
export const PROJECTS = [
  {
    key: "domestic-abuse",
    title: "Domestic abuse victim service",
    allocated: "£160,200",
    answers: {
      "Amount spent in the year": "160,200",
      "Share of the contract that the allocation pays for": "28%",
      "What the project achieved": STORY,
      "Victims of domestic abuse supported": "2,067",
      "Clients of independent advisers discussed at a risk conference": "440",
      "Professionals trained to recognise and assess abuse": "124",
      "Referred people who took up support": "84%",
      "People referred again": "4%",
      "People whose support ended as planned": "90%",
      "A case study": CASE,
    },
  },
  {
    key: "sexual-violence",
    title: "Sexual violence therapeutic services",
    allocated: "£25,000",
    answers: {
      "Amount spent in the year": "25,000",
      "Share of the contract that the allocation pays for": "33%",
      "What the project achieved": STORY,
      "Counselling sessions given": "935",
      "People counselled": "197",
      "Sessions beyond the service's target": "19",
      "People better able to manage self-harm": ["5", "7"],
      "People who avoided harm to others": ["6", "7"],
      "People at less risk of harm from others": ["6", "7"],
      "A case study": CASE,
    },
  },
  {
    key: "drug-and-alcohol",
    title: "Drug and alcohol contract",
    allocated: "£98,500",
    answers: {
      "Amount spent in the year": "98,500",
      "Share of the contract that the allocation pays for": "0.5%",
      "What the project achieved": STORY,
      "In contact with criminal justice: opiates": ["308", "1,231"],
      "In contact with criminal justice: other drugs": ["11", "76"],
      "In contact with criminal justice: alcohol": ["29", "351"],
      "In contact with criminal justice: alcohol and other drugs": ["7", "125"],
      "Completed treatment, of those in contact with criminal justice: opiates": ["15", "308"],
      "Completed treatment, of those in contact with criminal justice: other drugs": ["0", "11"],
      "Completed treatment, of those in contact with criminal justice: alcohol": ["7", "29"],
      "Completed treatment, of those in contact with criminal justice: alcohol and other drugs": ["3", "7"],
      "Came back within six months of completing: opiates": ["3", "12"],
      "Came back within six months of completing: other drugs": ["0", "0"],
      "Came back within six months of completing: alcohol": ["0", "4"],
      "Came back within six months of completing: alcohol and other drugs": ["0", "1"],
      "A case study": CASE,
    },
  },
  {
    key: "healthy-relationships",
    title: "Healthy relationships",
    allocated: "£43,500",
    answers: {
      "Amount spent in the year": "43,500",
      "What the project achieved": STORY,
      "Schools where the programme was tried": "2",
      "A case study": CASE,
    },
  },
  {
    key: "asb",
    title: "Anti-social behaviour and emerging local issues",
    allocated: "£16,486",
    answers: {
      "Amount spent in the year": "16,486",
      "What the project achieved": STORY,
      "Members who came to weekly sessions": "122",
      "Orders closing premises": "10",
      "Warnings given under public space orders": "35",
      "Cases that went from the first stage to the second": "20",
      "The same, in the year before": "64",
      "Change in reported anti-social behaviour on the year before": "-4.4",
      "Operations against modern slavery": "16",
      "People supported as victims of modern slavery": "13",
      "A case study": CASE,
    },
  },
  {
    key: "awareness",
    title: "Awareness raising",
    allocated: "£36,000",
    answers: {
      "Amount spent in the year": "36,000",
      "What the project achieved": STORY,
      "Sessions prepared for the board and its partners": "4",
      "A case study": CASE,
    },
  },
  {
    key: "prevent",
    title: "Prevent and welcoming city",
    allocated: "£10,000",
    // The case study is left out: it must block.
    answers: {
      "Amount spent in the year": "10,000",
      "What the project achieved": STORY,
      "Schools that took part in the pilot": ["4", "12"],
    },
  },
  {
    key: "infrastructure",
    title: "Partnership infrastructure",
    allocated: "£39,000",
    answers: {
      "Amount spent in the year": "38,560",
      "Why the amount spent differs from the allocation":
        "Less was needed than planned, and it covers what another project lacked.",
      "What the project achieved": STORY,
      "Responses to the workforce survey": "466",
      "A case study": CASE,
    },
  },
];

/** What the share boxes said, and what is right. */
export const SHARES = [
  { key: "domestic-abuse", said: "28%", right: "29.0" },
  { key: "drug-and-alcohol", said: "0.5%", right: "5.2" },
];

/** The items of one project: 49 more than its amount spent. */
export const ITEMS = [
  ["Crime reduction advice", "700"],
  ["Locks", "134"],
  ["Youth work", "1,322"],
  ["Street pastors", "3,500"],
  ["Cameras", "5,000"],
  ["Training", "1,000"],
  ["Signs", "1,879"],
  ["Sports sessions", "3,000"],
];

/** The account of the year. */
export const OVERVIEW = "Eight projects ran, seven of them as planned.";

/** The text that a project lacked at first. */
export const CASE_STUDY = CASE;
