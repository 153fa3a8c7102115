//! Which statement may stand where. Each line was read by itself; here they are held together.

use super::ScenarioError;
use super::statement::Statement;

/// The most answers to one question.
const MAX_ANSWERS: usize = 6;

/// What is being written where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Nothing yet, or the title.
    Head,
    /// The cluster was just set up.
    Opened,
    /// What is done, before the first step or in one.
    Deeds,
    /// A step was just begun.
    Begun,
    /// A question with so many answers, on this line.
    Asked(usize, usize),
    /// A goal, on this line, and what is forbidden.
    Set(usize),
    /// What reaches the goal.
    Solved,
}

/// Refuses statements that stand where they mean nothing.
pub(super) fn check(statements: &[(usize, &Statement)]) -> Result<(), ScenarioError> {
    let mut part = Part::Head;
    for (position, (line, statement)) in statements.iter().enumerate() {
        let titled = position > 0;
        part = next(part, titled, *line, statement).map_err(|message| ScenarioError {
            line: *line,
            column: 1,
            message,
        })?;
    }
    let last = statements.last().map_or(1, |(line, _)| *line);
    let error =
        |line, message: &str| ScenarioError { line, column: 1, message: message.to_owned() };
    match part {
        Part::Head => Err(error(last, "there is no cluster, such as 'cluster servers=3'")),
        Part::Asked(line, answers) if answers < 2 => Err(error(line, FEW_ANSWERS)),
        Part::Set(line) => Err(error(line, NO_SOLUTION)),
        _ => Ok(()),
    }
}

const FEW_ANSWERS: &str =
    "a question has two answers at least, such as 'answer \"S2\" if S2 leads'";
const NO_SOLUTION: &str = "a goal needs its solution: a line 'solution', and below it what reaches \
                           the goal";

fn next(part: Part, titled: bool, line: usize, statement: &Statement) -> Result<Part, String> {
    use Statement::*;
    let no = |message: &str| Err(message.to_owned());
    if let (Part::Asked(_, answers), false) = (part, matches!(statement, Answer { .. }))
        && answers < 2
    {
        return no(FEW_ANSWERS);
    }
    match (part, statement) {
        (Part::Head, Title(_)) if !titled => Ok(Part::Head),
        (_, Title(_)) => no("the title stands once, above the cluster"),
        (Part::Head, Cluster(_)) => Ok(Part::Opened),
        (Part::Head, _) => no("the first statement sets up the cluster, such as \
                               'cluster servers=3 leader=S1 Alice=10 Bob=0'"),
        (_, Cluster(_)) => no("the cluster is set up once, by the first statement"),
        (Part::Opened, Seek(_)) => Ok(Part::Deeds),
        (_, Seek(_)) => no("seeds are sought once, directly below the cluster"),
        (Part::Begun, Predict(_)) => Ok(Part::Asked(line, 0)),
        (_, Predict(_)) => no("a question stands once in a step, directly below 'step'"),
        (Part::Asked(_, MAX_ANSWERS), Answer { .. }) => {
            Err(format!("a question has at most {MAX_ANSWERS} answers"))
        }
        (Part::Asked(asked, answers), Answer { .. }) => Ok(Part::Asked(asked, answers + 1)),
        (_, Answer { .. }) => no("an answer stands below its question: 'predict', then answers"),
        (Part::Set(set), Forbid(_)) => Ok(Part::Set(set)),
        (_, Forbid(_)) => no("what is forbidden stands directly below its goal"),
        (Part::Set(_), Solution) => Ok(Part::Solved),
        (_, Solution) => no("a solution stands below its goal"),
        (Part::Set(_), _) => no(NO_SOLUTION),
        (Part::Solved, Step(_) | Goal(_)) => no("the goal is the last part of a scenario"),
        (Part::Solved, _) => Ok(Part::Solved),
        (_, Goal(_)) => Ok(Part::Set(line)),
        (_, Step(_)) => Ok(Part::Begun),
        (_, _) => Ok(Part::Deeds),
    }
}
